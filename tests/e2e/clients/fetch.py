"""Fetches the URLs given as arguments with urllib, which takes the proxy from http_proxy and https_proxy."""
import sys
import urllib.request

for url in sys.argv[1:]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        print(answer.status, answer.read().decode())
