# SPDX-License-Identifier: Apache-2.0
"""Servers that answer as GitHub, GitLab and Gitea do, as far as is asked.

By their published documents: GitHub's "REST API: repositories, users, rate
limits, pagination", GitLab's "Projects API, Groups API, Users API", Gitea's
swagger. What a test wants to go wrong it puts into `faults`.
"""

import collections
import hashlib
import http.server
import json
import threading
import urllib.parse

PAGE = {"github": 100, "gitlab": 100, "gitea": 50}


Request = collections.namedtuple("Request", "command path headers given")


class Repository:
    """What a forge knows of one."""

    def __init__(self, number, name, **facts):
        self.number = number
        self.name = name
        self.facts = {"archived": False, "fork": None, "private": False,
                      "size": 7, "wiki": False, "empty": False, **facts}

    def github(self):
        facts = self.facts
        return {"id": self.number, "name": self.name.rsplit("/", 1)[1],
                "full_name": self.name, "private": facts["private"],
                "fork": facts["fork"] is not None, "size": facts["size"],
                "clone_url": "https://evil.example/x.git",
                "archived": facts["archived"], "has_wiki": facts["wiki"]}

    def gitlab(self):
        facts = self.facts
        item = {"id": self.number, "path_with_namespace": self.name,
                "visibility": "private" if facts["private"] else "public",
                "archived": facts["archived"], "wiki_enabled": facts["wiki"],
                "http_url_to_repo": "https://evil.example/x.git",
                "empty_repo": facts["empty"]}
        if facts["fork"]:
            item["forked_from_project"] = {"id": facts["fork"]}
        return item

    def gitea(self):
        facts = self.facts
        return {"id": self.number, "full_name": self.name,
                "private": facts["private"], "archived": facts["archived"],
                "fork": facts["fork"] is not None, "size": facts["size"],
                "has_wiki": facts["wiki"], "empty": facts["empty"],
                "parent": {"id": facts["fork"]} if facts["fork"] else None,
                "clone_url": "https://evil.example/x.git"}


class Answer:
    """Status, headers and bytes; ${cut}: the connection ends before them."""

    def __init__(self, status=200, value=None, headers=None, body=None,
                 cut=False):
        self.status = status
        self.headers = dict(headers or {})
        self.body = json.dumps(value).encode() if body is None else body
        self.cut = cut


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # else head and body wait for each other

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.do_GET()

    def do_GET(self):
        forge = self.server.forge
        length = int(self.headers.get("Content-Length") or 0)
        forge.log.append(Request(self.command, self.path, self.headers,
                                 self.rfile.read(length)))
        path, _, query = self.path.partition("?")
        answer = forge.fault(path) or forge.answer(
            path, dict(urllib.parse.parse_qsl(query)), self.headers)
        self.send_response_only(answer.status)
        answer.headers.setdefault("Date", self.date_time_string())
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = answer.body[:-5] if answer.cut else answer.body
        self.wfile.write(body)
        self.close_connection = answer.cut


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Who asks may hang up."""


class Forge:
    """One server. `log` are the requests; `faults` what is answered first."""

    def __init__(self, kind, repositories=(), owner="acme", is_user=False,
                 token=None, page=None):
        self.kind = kind
        self.repositories = list(repositories)
        self.owner = owner
        self.is_user = is_user
        self.self_login = None
        self.token = token
        self.page = page or PAGE[kind]
        self.log = []
        self.faults = []  # (part of a path, Answer): each once
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.forge = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def source(self):
        return f"{self.kind}:{self.url}/{self.owner}"

    def paths(self):
        return [request.path for request in self.log]

    def tokens(self):
        return [request.headers.get("Authorization") for request in self.log]

    def fault(self, path):
        for i, (part, answer) in enumerate(self.faults):
            if part in path:
                del self.faults[i]
                return answer
        return None

    def answer(self, path, query, headers):
        if self.token and headers.get("Authorization") != \
                f"Bearer {self.token}":
            return Answer(401, {"message": "Bad credentials"})
        value, link = getattr(self, "answer_" + self.kind)(path, query)
        if value is None:
            return Answer(404, {"message": "Not Found"})
        etag = 'W/"%s"' % hashlib.sha256(
            json.dumps(value).encode()).hexdigest()
        extra = {"ETag": etag, **({"Link": link} if link else {})}
        if headers.get("If-None-Match") == etag:
            return Answer(304, headers=extra, body=b"")
        return Answer(200, value, extra)

    def listed(self, query, path):
        """A page, and the Link header's text."""
        size = min(int(query.get("per_page", query.get("limit", 30))),
                   self.page)
        number = int(query.get("page", 1))
        items = [getattr(item, self.kind)() for item in self.repositories]
        page = items[(number - 1) * size:number * size]
        if number * size >= len(items):
            return page, f'<{path}?page=1>; rel="first"'
        query = urllib.parse.urlencode({**query, "page": number + 1})
        # Behind a proxy the server does not know its own name.
        return page, (f'<https://inside.example{path}?page=1>; rel="first", '
                      f'<https://inside.example{path}?{query}>; rel="next"')

    def answer_github(self, path, query):
        path = path.removeprefix("/api/v3")
        kind = "User" if self.is_user else "Organization"
        if path == f"/users/{self.owner}":
            return {"login": self.owner, "id": 4711, "type": kind}, None
        if path == "/user" and self.self_login:
            return {"login": self.self_login, "type": "User",
                    "id": 4711 if self.self_login == self.owner else 1}, None
        lists = [f"/users/{self.owner}/repos" if self.is_user else
                 f"/orgs/{self.owner}/repos"]
        if self.self_login == self.owner:
            lists.append("/user/repos")
        if path in lists:
            return self.listed(query, "/organizations/4711/repos")
        for item in self.repositories:
            if path == "/repos/" + item.name:
                source = item.facts["fork"]
                return {**item.github(),
                        **({"source": {"id": source}} if source else {})}, None
        return None, None

    def answer_gitlab(self, path, query):
        path = urllib.parse.unquote(path.removeprefix("/api/v4"))
        if self.is_user and path == "/users":
            return [{"id": 12, "username": self.owner}], None
        if self.is_user and path == "/users/12/projects":
            return self.listed(query, path)
        if not self.is_user and path == f"/groups/{self.owner}":
            return {"id": 9, "full_path": self.owner}, None
        if not self.is_user and path == f"/groups/{self.owner}/projects" \
                and query.get("include_subgroups") == "true":
            return self.listed(query, path)
        return ([], None) if path == "/users" else (None, None)

    def answer_gitea(self, path, query):
        path = path.removeprefix("/api/v1")
        head = "/users/" if self.is_user else "/orgs/"
        if path == head + self.owner:
            key = "login" if self.is_user else "username"
            return {"id": 3, key: self.owner}, None
        if path == f"{head}{self.owner}/repos":
            return self.listed(query, path)
        return None, None
