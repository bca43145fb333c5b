#include "check/report_html.h"

namespace check {

std::string_view report_style() {
  return R"css(:root { --paper: #fff; --sheet: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --pass: #1a7f37; --warn: #8a5a00; --fail: #c02026; --skip: #57606a;
  --c1: #7aa7d9; --c2: #b08bd9; --c3: #e0a458; --c4: #5bb5a2; --c5: #d9849c; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --sheet: #1b2129; --ink: #e6e9ee; --soft: #9aa5b1; --line: #323a45;
    --pass: #4cc26a; --warn: #e0b04a; --fail: #ff7b80; --skip: #9aa5b1; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; }
h2 { font-size: 18px; margin: 28px 0 8px; }
header.pass h1 { color: var(--pass); } header.warn h1 { color: var(--warn); }
header.fail h1 { color: var(--fail); }
header p { margin: 4px 0; color: var(--soft); }
.brand { font: 13px/1.4 ui-monospace, Menlo, Consolas, monospace; }
code { font: 12.5px/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: 10px 32px; margin: 20px 0; padding: 14px 18px;
  background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; }
dt { color: var(--soft); font-size: 12px; } dd { margin: 0; overflow-wrap: anywhere; }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin: 20px 0 12px; }
.tile { font: inherit; color: var(--soft); background: var(--sheet); border: 1px solid var(--line);
  border-radius: 8px; padding: 8px 14px; min-width: 112px; text-align: left; cursor: pointer; }
.tile b { display: block; font-size: 22px; line-height: 1.15; color: inherit; }
.tile.pass { --tone: var(--pass); } .tile.warn { --tone: var(--warn); }
.tile.fail { --tone: var(--fail); } .tile.skip { --tone: var(--skip); }
.tile[aria-pressed=true] { border-color: var(--tone); box-shadow: inset 0 -3px var(--tone); }
.tile[aria-pressed=true] b { color: var(--tone); }
.tile[aria-pressed=false] { opacity: .6; }
.tile:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--c1); outline-offset: 2px; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 8px; padding: 8px 12px; margin-left: auto; align-self: center; min-width: 200px; }
.legend { color: var(--soft); font-size: 12px; margin: 0 0 8px; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 12px; }
.legend i:first-child { margin-left: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; }
thead th { background: var(--sheet); color: var(--soft); font-size: 12px; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px; font-weight: 400; }
tbody tr { border-top: 1px solid var(--line); }
tbody th { width: 28%; } td.route { width: 9%; } td.phases { width: 14%; min-width: 130px; }
td p, th p { margin: 0; } th p, small, .cert { color: var(--soft); font-size: 13px; }
.verdict { display: inline-block; font-size: 12px; font-weight: 600; line-height: 20px; padding: 0 9px;
  border: 1px solid currentColor; border-radius: 10px; white-space: nowrap; }
.verdict.pass { color: var(--pass); } .verdict.warn { color: var(--warn); }
.verdict.fail { color: var(--fail); } .verdict.skip { color: var(--skip); }
.group { display: inline-block; margin-top: 4px; font-size: 11px; line-height: 16px; padding: 0 6px;
  color: var(--soft); background: var(--sheet); border: 1px solid var(--line); border-radius: 4px; }
.detail { overflow-wrap: anywhere; min-width: 220px; }
.next { margin-top: 5px; padding-left: 10px; border-left: 3px solid var(--c1); }
.cert { margin-top: 3px; font-size: 12px; } .date { white-space: nowrap; }
.time { font-size: 13px; font-variant-numeric: tabular-nums; }
.bar { display: flex; height: 8px; margin-top: 3px; border-radius: 3px; overflow: hidden; background: var(--sheet); }
.bar i { min-width: 2px; }
i.connect { background: var(--c1); } i.proxy_tls { background: var(--c2); }
i.connect_reply { background: var(--c3); } i.tls { background: var(--c4); } i.http { background: var(--c5); }
details { margin: 24px 0; } details.rows { margin: 14px 0; } details.rows > .scroll { margin-top: 8px; }
.causes ol { padding-left: 24px; } .causes li { margin: 12px 0; } .causes p { margin: 3px 0; overflow-wrap: anywhere; }
.again { color: var(--soft); overflow-wrap: anywhere; } summary { cursor: pointer; font-weight: 600; }
ul { padding-left: 20px; } li { margin: 4px 0; } main { padding-bottom: 48px; }
table.plain { margin-top: 8px; border: 1px solid var(--line); }
[hidden] { display: none !important; }
@media (max-width: 720px) {
  header, main { padding-left: 14px; padding-right: 14px; }
  .tile { flex: 1 1 80px; min-width: 80px; } input { margin-left: 0; flex: 1 1 100%; }
  table:not(.plain) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table:not(.plain) tbody tr { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; padding: 10px 12px; }
  table:not(.plain) :is(tbody th, td.route, td.phases, td) { width: auto; min-width: 0; padding: 2px 0; }
  table:not(.plain) :is(tbody th, td.phases, td.detail) { grid-column: 1 / -1; } tbody td.route { order: -1; text-align: right; }
  table:not(.plain) td:first-child { order: -2; } }
@media print { .tiles input { display: none; } .scroll { overflow: visible; } body { font-size: 11px; } }
)css";
}

std::string_view report_script() {
  return R"js('use strict';
const tiles = [...document.querySelectorAll('[data-filter]')];
const rows = [...document.querySelectorAll('[data-verdict]')];
const find = document.getElementById('find');
function apply() {
  const shown = new Set(tiles.filter(t => t.getAttribute('aria-pressed') === 'true').map(t => t.dataset.filter));
  const text = find.value.trim().toLowerCase();
  if (text) document.querySelectorAll('details.rows').forEach(d => { d.open = true; });
  let any = false;
  for (const row of rows) {
    row.hidden = !shown.has(row.dataset.verdict) || !row.textContent.toLowerCase().includes(text);
    any = any || !row.hidden;
  }
  document.getElementById('none').hidden = any;
}
for (const tile of tiles) {
  tile.addEventListener('click', () => {
    tile.setAttribute('aria-pressed', String(tile.getAttribute('aria-pressed') !== 'true'));
    apply();
  });
}
find.addEventListener('input', apply);
)js";
}

}  // namespace check
