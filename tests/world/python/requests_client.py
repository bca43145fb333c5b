"""requests, a connection a thread."""
import requests

import deeds


def make(task):
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"https": task["proxy"]}
    session.verify = task["roots"]
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=task["streams"]))
    origin = task["origin"]

    def pieces(stream):
        with session.get(f"{origin}/octets?stream={stream}&bytes={task['bytes']}", stream=True) as answer:
            deeds.check(answer.status_code, "")
            yield from answer.iter_content(task["read"])

    def upload():
        body = session.get(f"{origin}/octets?stream=0&bytes={task['upload']}").content
        return session.post(f"{origin}/slow", data=body).json()

    def said(path):
        return {"said": session.get(origin + path).text}

    def refusal():
        try:
            answer = session.get(task["refused"])
            return {"said": f"{answer.status_code} {answer.text}"}
        except requests.RequestException as error:
            return {"said": str(error)}

    return {"download": lambda: {"sums": deeds.at_once(task, pieces), "protocol": "HTTP/1.1"},
            "upload": upload, "silence": lambda: said(f"/silence?seconds={task['silence']}"),
            "break": lambda: said("/break"), "refusal": refusal}


deeds.main("requests", make)
