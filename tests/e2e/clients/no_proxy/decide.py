"""Asks urllib and requests which proxy they take: cases as JSON lines in, answers as JSON lines out.

An answer is {"proxy": URL}, {"proxy": null} for direct, or {"error": text}. Run by Debian's own Python,
whose python3-requests is the one of the package list.
"""
import json
import os
import sys
import urllib.request

import requests.sessions
import requests.utils


def urllib_takes(url):
    request = urllib.request.Request(url)
    proxies = urllib.request.getproxies()
    if request.type not in proxies or urllib.request.proxy_bypass(request.host):
        return None
    return proxies[request.type]


def requests_takes(url):
    session = requests.sessions.Session()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    return requests.utils.select_proxy(url, settings["proxies"])


CLIENTS = {"python-urllib": urllib_takes, "python-requests-2.28": requests_takes}

for line in sys.stdin:
    case = json.loads(line)
    os.environ.clear()
    os.environ.update(case["env"])
    try:
        answer = {"proxy": CLIENTS[case["client"]](case["url"])}
    except Exception as error:  # whatever a client raises is its answer
        answer = {"error": repr(error)}
    print(json.dumps(answer))
