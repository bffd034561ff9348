"""What is measured: each cell drives one subject once and returns its numbers. A subject is a way through: the waypoint, nginx, the ztunnels alone."""
import json
import re
import subprocess
import time

import chain as c
import machine

GIB = 1 << 30


class Subject:
    """A way through. `ports` says where each kind of load enters; `process` is whose CPU time counts (None: only latency is asked)."""

    def __init__(self, name, kind, process, ip, ports, tls=False, hbone=None):
        self.name, self.kind, self.process, self.ip, self.ports, self.tls, self.hbone = name, kind, process, ip, ports, tls, hbone
        self.started = {}

    def address(self, port):
        return f"{self.ip}:{self.ports[port]}"

    def url(self, port):
        return f"{'https' if self.tls else 'http'}://{self.address(port)}/1k"


class Lab:
    def __init__(self, chain, seconds, requests, bulk_gib):
        self.chain, self.seconds, self.requests, self.bulk_bytes = chain, seconds, requests, int(bulk_gib * GIB)

    def tool(self, *arguments):
        return [self.chain.load, *[str(a) for a in arguments]]

    def certs(self, subject):
        return ["--tls-certs", self.chain.certs] if subject.tls else []


def run(command, seconds=120):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Watch:
    """CPU time of the subject, and what others did meanwhile."""

    def __init__(self, lab, subject):
        self.pid = subject.process.pid if subject.process else None
        self.others = machine.OtherLoad(lab.chain.pids())
        self.before = machine.Cpu(self.pid) if self.pid else None

    def result(self, count, unit):
        result = {"count": count, "other_cores": round(self.others.cores(), 2)}
        if self.pid:
            spent = machine.Cpu(self.pid).since(self.before)
            if spent["cpu_s"] <= 0:
                raise RuntimeError("the measured process did nothing: somebody else served the load")
            scale = 1e6 / count if unit == "us" else 1 / count
            result.update({"cpu": spent["cpu_s"] * scale, "user": spent["user_s"] * scale, "system": spent["system_s"] * scale})
        return result


# ---- saturated

def by_wrk(lab, subject, connections):
    watch = Watch(lab, subject)
    text = run(["wrk", "-t1", f"-c{connections}", f"-d{lab.seconds}s", subject.url(c.HTTP)])
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"wrk against {subject.name}: {text}")
    count = int(re.search(r"(\d+) requests in", text).group(1))
    result = watch.result(count, "us")
    result["per_second"] = float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1))
    return result


def by_h2load(lab, subject, port, connections, streams):
    amount = ["-n", str(lab.requests)] if lab.requests else ["-D", str(lab.seconds)]
    version = ["--h1"] if port == c.HTTP else []
    watch = Watch(lab, subject)
    text = run(["h2load", "-t1", f"-c{connections}", f"-m{streams}"] + version + amount + [subject.url(port)])
    numbers = re.search(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", text)
    statuses = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", text)
    # At the end of a timed run h2load counts the streams under way as failed; answers other than 2xx are never accepted.
    done = int(statuses.group(1))
    if done == 0 or any(int(statuses.group(i)) for i in (2, 3, 4)) or (lab.requests and int(numbers.group(4))):
        raise RuntimeError(f"h2load against {subject.name}: {text}")
    result = watch.result(done, "us")
    result["per_second"] = float(re.search(r"([\d.]+) req/s", text).group(1))
    return result


def h1(connections):
    def cell(lab, subject):
        return by_h2load(lab, subject, c.HTTP, connections, 1) if lab.requests else by_wrk(lab, subject, connections)
    return cell


def h2(connections, streams):
    return lambda lab, subject: by_h2load(lab, subject, c.HTTP2, connections, streams)


# ---- at a fixed rate

def rate(per_second, connections=4):
    def cell(lab, subject):
        command = lab.tool("pace", "--to", subject.address(c.HTTP), "--rate", per_second, "--connections", connections, "--seconds", lab.seconds, *lab.certs(subject))
        client = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            if client.stdout.readline().strip() != "started":
                raise RuntimeError(f"pace against {subject.name}: {client.stderr.read()}")
            watch = Watch(lab, subject)
            line = client.stdout.readline()
            if not line:
                raise RuntimeError(f"pace against {subject.name}: {client.stderr.read()}")
            numbers = json.loads(line)
            result = watch.result(numbers["requests"], "us")
        finally:
            client.kill()
            client.wait()
        result.update({"p50": numbers["p50"], "p99": numbers["p99"], "late": numbers["late"]})
        return result
    return cell


# ---- bulk

def bulk(port, connections, upload=False):
    def cell(lab, subject):
        each = lab.bulk_bytes // connections
        what = ["--path", "/sink", "--upload", each] if upload else ["--path", "/1g" if connections == 1 else "/128m"]
        total, seconds = 0, 0.0
        watch = Watch(lab, subject)
        while total < lab.bulk_bytes:
            numbers = json.loads(run(lab.tool("pull", "--to", subject.address(port), "--connections", connections, *what, *lab.certs(subject))))
            total += numbers["bytes"]
            seconds += numbers["seconds"]
        result = watch.result(total / GIB, "s")
        result["gib_per_second"] = total / GIB / seconds
        return result
    return cell


# ---- new connections

def handshake(tunnels_only=False, count=300):
    def cell(lab, subject):
        where = subject.hbone or subject.address(c.HTTP)
        arguments = ["--to", where, "--certs", lab.chain.certs, "--count", count]
        arguments += ["--authority", f"{c.VIP}:{c.SERVICE_PORT[c.HTTP]}"] if subject.hbone else []
        arguments += ["--one-connection"] if tunnels_only else []
        watch = Watch(lab, subject)
        run(lab.tool("handshake", *arguments))
        return watch.result(count, "us")
    return cell


# ---- memory: each of these needs a process that has done nothing yet, for a heap that has grown before hides what is added

IDLE = {"waypoint": [("connection", c.HTTP, 400), ("http", c.HTTP, 1000), ("tcp", c.TCP, 1000)], "nginx": [("tls", c.HTTP, 400)]}


def idle(lab, subject, kind, port, count):
    """KiB per held connection or tunnel. The first batch pays for code and buffers that stay; only the second counts."""
    where = subject.hbone or subject.address(port)
    arguments = ["--to", where, "--certs", lab.chain.certs, "--count", count, "--kind", kind]
    arguments += ["--authority", f"{c.VIP}:{c.SERVICE_PORT[port]}"] if subject.hbone else []
    readings, held = [], []
    try:
        for _ in range(2):
            client = subprocess.Popen(lab.tool("idle", *arguments), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            held.append(client)
            if client.stdout.readline().strip() != "ready":
                raise RuntimeError(f"idle against {subject.name}: {client.stderr.read()}")
            time.sleep(1)
            readings.append(machine.memory_kib(subject.process.pid)["rss_kib"])
    finally:
        for client in held:
            client.stdin.close()
            try:
                client.wait(20)
            except subprocess.TimeoutExpired:
                client.kill()
                client.wait()
    return (readings[1] - readings[0]) / count


def memory(lab, subject):
    """Idle, and at the end of a while under load."""
    pid = subject.process.pid
    time.sleep(2)
    result = {"idle_rss_mib": machine.memory_kib(pid)["rss_kib"] / 1024}
    load = subprocess.Popen(["wrk", "-t1", "-c64", f"-d{max(lab.seconds, 3)}s", subject.url(c.HTTP)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    time.sleep(max(lab.seconds, 3) - 0.5)
    result["load_rss_mib"] = machine.memory_kib(pid)["rss_kib"] / 1024
    load.wait()
    return result
