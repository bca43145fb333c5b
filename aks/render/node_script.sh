# shellcheck shell=sh
set -eu
umask 022

changed=no
newline='
'

fail() {
  echo "cannot set up the proxy: $1" >&2
  exit "${2:-1}"
}

# Writes standard input to the file, if that makes a difference. An existing file keeps its owner,
# and its mode unless one is given.
# $1 file, $2 mode or ''
write() {
  new=$1.sluice-new
  mkdir -p "${1%/*}" || fail "${1%/*} can't be made"
  if [ -e "$1" ]; then cp -p "$1" "$new"; fi
  cat >"$new" || fail "$new can't be written"
  if [ -n "$2" ]; then chmod "$2" "$new"; fi
  if [ -e "$1" ] && cmp -s "$1" "$new" && [ "$(stat -c %a "$1")" = "$(stat -c %a "$new")" ]; then
    rm "$new"
  else
    mv -f "$new" "$1"
    echo "wrote $1"
    changed=yes
  fi
}

# $1 file
discard() {
  if [ -e "$1" ]; then
    rm "$1"
    echo "removed $1"
    changed=yes
  fi
}

# The lines of a file that are not ours: neither those of the pattern nor, at its start, the section
# header that our lines need themselves.
# $1 file, $2 pattern of our lines, $3 section header or ''
foreign_lines() {
  [ -e "$1" ] || return 0
  OURS=$2 HEADER=$3 awk '
    $0 ~ ENVIRON["OURS"] { next }
    ENVIRON["HEADER"] != "" && $0 == ENVIRON["HEADER"] && (section == "" || section == $0) {
      section = $0
      next
    }
    /^\[/ { section = $0 }
    { print }' "$1"
}

# Gives a file our lines instead of those it had before, and leaves all others alone. A file with
# nothing else in it goes when we have no lines for it.
# $1 file, $2 mode or '' for a file that stays even when empty, $3 pattern, $4 header or ''; our
# lines on standard input
put_lines() {
  ours=$(cat)
  foreign=$(foreign_lines "$1" "$3" "$4" && echo .) # the dot keeps empty lines at the end
  foreign=${foreign%.}
  ours=${ours:+$ours$newline}
  if [ -n "$4" ]; then
    text=$4$newline$ours$foreign
  else
    text=$foreign$ours
  fi
  if [ -n "$ours$foreign" ]; then
    write "$1" "$2" <<END
${text%"$newline"}
END
  elif [ -n "$2" ]; then
    discard "$1"
  elif [ -e "$1" ]; then
    write "$1" '' </dev/null
  fi
}

# $@ command that makes the store follow the CA's file
trust() {
  "$@" </dev/null >/dev/null || fail "$* failed" 161
}

# $1 file, $2 base64, $3 command, $4 what the command needs besides when another CA was there
put_ca() {
  decoded=$(mktemp)
  printf '%s' "$2" | base64 -d >"$decoded" || fail "$1 can't be decoded" 161
  replaced=no
  if [ -e "$1" ] && ! cmp -s "$1" "$decoded"; then replaced=yes; fi
  write "$1" '' <"$decoded"
  rm "$decoded"
  if [ "$replaced" = yes ]; then trust "$3" ${4:+"$4"}; else trust "$3"; fi
}

# $1 file, $2 command, $3 as $4 above
drop_ca() {
  if [ -e "$1" ]; then
    discard "$1"
    trust "$2" ${3:+"$3"}
  fi
}

finish() {
  if [ "$changed" = yes ]; then
    echo 'what runs keeps its environment: systemctl daemon-reexec, then restart containerd and kubelet'
  else
    echo 'nothing to change'
  fi
}
