"""What the API and the page cost while the server works.

    python3 benchmarks/web.py [--assets N] [--streams N] [--chromium PROGRAM] [--data DIR]

starts ./patchreel serve on the loopback interface with a folder of N (10000) assets, copies of one, and prints a table:
the first page of their list, a job asked for while its clip of a minute is generated, the processor time of N (200) streams
of events meanwhile, and, if Chromium and Node.js are there and the tests have installed what drives it, when the page is
first painted, beside a file of text. Needs what the README's first command needs, and some minutes. DIR (default: a new
folder) keeps everything.
"""

import argparse
import contextlib
import http.client
import json
import math
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
API = "/patchreel/api/v1"
STREAMS_OF_A_USER = 16
PAINT = """
import { chromium } from 'playwright-core';
const [program, address, profile] = process.argv.slice(2);
const browser = await chromium.launchPersistentContext(profile, { executablePath: program, args: ['--headless',
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'] });
const page = await browser.newPage();
const times = [[], []];
for (let i = 0; i < 22; i++) {
  await page.goto('about:blank');
  await page.goto(i % 2 ? address + 'en.json' : address);
  if (i % 2 === 0) await page.waitForSelector('main h1, main form');
  await page.waitForTimeout(300);
  times[i % 2].push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
}
console.log(JSON.stringify(times.map((some) => some.slice(1))));
await browser.close();
"""


class Server:
    """./patchreel serve, and requests to it as its operator."""

    def __init__(self, data):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PATCHREEL_")}
        self.process = subprocess.Popen(
            [ROOT / "patchreel", "serve", "--port", "0", "--data", data],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment, text=True, start_new_session=True)
        self.address = self.process.stdout.readline().strip()
        self.port = int(self.address.split(":")[2].split("/")[0])
        for line in (data / "api-tokens").read_text().splitlines():
            if line.startswith("operator "):
                self.token = line.split()[2]

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, connection=None):
        connection = connection or self.connection()
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, API + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500]!r}")
        return json.loads(content) if content else None

    def generate(self, **request):
        job = self.ask("POST", "/jobs", request)["id"]
        while (state := self.ask("GET", f"/jobs/{job}"))["state"] not in ("completed", "failed", "refused", "cancelled"):
            time.sleep(0.2)
        if state["state"] != "completed":
            raise RuntimeError(str(state))
        return job

    def java(self):
        """The process that listens, which the script has become or started."""
        pids = [self.process.pid]
        pids += [int(p) for p in subprocess.run(["pgrep", "-s", str(self.process.pid)], capture_output=True,
                                                text=True).stdout.split()]
        return next(p for p in pids if "java" in Path(f"/proc/{p}/comm").read_text())

    def resident(self):
        for line in Path(f"/proc/{self.java()}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024

    def serving(self):
        """Processor seconds of the threads that serve, by the first 15 letters of their names."""
        total = 0
        for task in Path(f"/proc/{self.java()}/task").iterdir():
            with contextlib.suppress(OSError):
                if (task / "comm").read_text().startswith(("qtp", "patchreel-event", "Jetty", "Scheduler")):
                    fields = (task / "stat").read_text().rpartition(")")[2].split()
                    total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def close(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def multiply(assets, one, count):
    """Copies an asset under other IDs; the files are links."""
    text = (assets / one / "metadata.json").read_text()
    for i in range(count - 1):
        copy = assets / f"COPY{i:06d}"
        copy.mkdir()
        for file in (assets / one).iterdir():
            if file.name != "metadata.json":
                os.link(file, copy / file.name)
        (copy / "metadata.json").write_text(text.replace(one, copy.name))


def timed(server, path, times):
    """Milliseconds of each request, over one connection."""
    connection = server.connection()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        server.ask("GET", path, connection=connection)
        taken.append(1000 * (time.perf_counter() - begin))
        time.sleep(0.01)
    return taken


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def streams(server, data, count):
    """Streams of events, a few of each user."""
    tokens = [secrets.token_urlsafe(32) for _ in range(math.ceil(count / STREAMS_OF_A_USER))]
    with (data / "api-tokens").open("a") as file:
        file.writelines(f"operator user{i} {token}\n" for i, token in enumerate(tokens))
    opened = []
    for i in range(count):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(f"GET {API}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                           f"{tokens[i // STREAMS_OF_A_USER]}\r\n\r\n".encode())
        if b" 200" not in connection.recv(15):
            raise RuntimeError("a stream was refused")
        connection.setblocking(False)
        opened.append(connection)
    return opened


def read(opened, seconds):
    """Reads what comes on the streams; answers how many bytes."""
    end = time.monotonic() + seconds
    total = 0
    while time.monotonic() < end:
        for connection in opened:
            with contextlib.suppress(BlockingIOError):
                total += len(connection.recv(1 << 16))
        time.sleep(0.05)
    return total


def paint(server, chromium, folder):
    modules = ROOT / "integration-tests" / "target" / "browser"
    if not (modules / "node_modules").is_dir() or not shutil.which("node") or not chromium:
        return None
    script = modules / "paint.mjs"
    script.write_text(PAINT)
    page = server.address.partition("#")[0]
    shown = subprocess.run(["node", script, chromium, page, folder / "profile"], capture_output=True, text=True, cwd=modules)
    if shown.returncode:
        raise RuntimeError(shown.stderr)
    return json.loads(shown.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--assets", type=int, default=10_000)
    options.add_argument("--streams", type=int, default=200)
    options.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    options.add_argument("--data", type=Path)
    given = options.parse_args()
    data = given.data or Path(tempfile.mkdtemp())
    (data / "conf").mkdir(parents=True, exist_ok=True)
    (data / "conf" / "org.patchreel.api.cfg").write_text(
        f"streams.max = {given.streams}\nrequests.per.minute = 1000000\n")
    server = Server(data)
    try:
        rows = measure(server, given, data)
    finally:
        server.close()
    print("| measured | value | aimed at |\n| --- | ---: | ---: |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def measure(server, given, data):
    one = server.generate(prompt="a red ball", size="96x96", seconds=1, steps=1)
    rows = []
    painted = paint(server, given.chromium, data)
    if painted:
        for name, times, aim in zip(("the page", "a file of text of this server"), painted, ("300 ms", "")):
            rows.append((f"first paint of {name}: median, largest of 10",
                         f"{statistics.median(times):.0f} ms, {max(times):.0f} ms", aim))
    multiply(data / "assets", one, given.assets)
    time.sleep(3)
    timed(server, "/assets?limit=50", 20)
    before = server.resident()
    lists = timed(server, "/assets?limit=50", 300)
    rows.append((f"first page of {given.assets} assets: median, 99 %", f"{statistics.median(lists):.1f} ms, "
                 f"{percentile(lists, 99):.1f} ms", "50 ms"))
    rows.append(("memory after 300 of them", f"{server.resident() - before:+.0f} MiB of {before:.0f}", "flat"))
    job = server.ask("POST", "/jobs", {"prompt": "a red ball rolls on grass", "seconds": 60})["id"]
    while server.ask("GET", f"/jobs/{job}")["state"] != "running":
        time.sleep(0.1)
    time.sleep(5)
    asked = timed(server, f"/jobs/{job}", 500)
    rows.append(("a job while a clip is generated: median, 99 %", f"{statistics.median(asked):.1f} ms, "
                 f"{percentile(asked, 99):.1f} ms", "20 ms"))
    idle = server.serving()
    time.sleep(20)
    idle = server.serving() - idle
    opened = streams(server, data, given.streams)
    read(opened, 3)
    busy = server.serving()
    received = read(opened, 20)
    busy = server.serving() - busy
    state = server.ask("GET", f"/jobs/{job}")["state"]
    for connection in opened:
        connection.close()
    if state == "running":
        server.ask("DELETE", f"/jobs/{job}")
    rows.append((f"{given.streams} streams of events of a clip that is {state}, {received / 20 / 1000:.0f} kB/s",
                 f"{5 * (busy - idle):.1f} % of a processor", "5 %"))
    return rows


if __name__ == "__main__":
    sys.exit(main())
