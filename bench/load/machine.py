"""The machine: needed packages, what a result must say about it, and CPU time of processes."""
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import time

# Debian package by the program that is looked for.
PACKAGES = {
    "nginx": ["nginx-light", "libnginx-mod-stream"],
    "wrk": ["wrk"],
    "h2load": ["nghttp2-client"],
}
STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"
TICKS = os.sysconf("SC_CLK_TCK")


def install_missing():
    missing = [p for program, packages in PACKAGES.items() if not shutil.which(program) for p in packages]
    if not os.path.exists(STREAM_MODULE) and "libnginx-mod-stream" not in missing:
        missing.append("libnginx-mod-stream")
    if not missing:
        return
    apt = shutil.which("apt-get")
    if not apt:
        sys.exit(f"missing: {' '.join(missing)} (Debian's names); there is no apt-get to install them with")
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    print("installing", *missing, flush=True)
    # The package would start an nginx of its own on port 80.
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    subprocess.run(prefix + [apt, "update", "-qq"], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run(prefix + [apt, "install", "-qq", "-y", "--no-install-recommends"] + missing, check=True, env=environment, stdout=subprocess.DEVNULL)


def output(*command):
    """Everything a command says, or an empty text."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout.strip()
    except OSError:
        return ""


def header(root):
    cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    memory = int(re.search(r"MemTotal:\s*(\d+)", open("/proc/meminfo").read()).group(1))
    system = dict(line.rstrip().split("=", 1) for line in open("/etc/os-release") if "=" in line)
    runtime = re.findall(r"Microsoft\.AspNetCore\.App (\S+)", output("dotnet", "--list-runtimes"))
    return {
        "cores": os.cpu_count(),
        "cpu": cpu.group(1) if cpu else platform.machine(),
        "memory_gib": round(memory / 2**20, 1),
        "kernel": platform.release(),
        "system": system.get("PRETTY_NAME", "").strip('"'),
        "dotnet": runtime[-1] if runtime else "",
        "openssl": output("openssl", "version"),
        "nginx": output("nginx", "-v").rpartition("/")[2],
        "wrk": (output("wrk", "-v").split("\n")[0].split("[")[0]).strip(),
        "h2load": output("h2load", "--version"),
        "commit": output("git", "-C", root, "rev-parse", "--short=10", "HEAD"),
        "changed": bool(output("git", "-C", root, "status", "--porcelain", "--", "src", "bench/Waypoint.Load", "bench/load")),
    }


def family(pid):
    """A process and its descendants."""
    pids = [pid]
    for p in pids:
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                pids += [int(c) for c in open(f"/proc/{p}/task/{task}/children").read().split()]
        except OSError:
            pass
    return pids


def thread_seconds(pid, name):
    """CPU time of the threads of that name, which the kernel cuts after 15 characters."""
    ticks = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            text = open(f"/proc/{pid}/task/{task}/stat").read()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2:].split()
        if text[text.index("(") + 1:text.rindex(")")] == name[:15]:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


class Cpu:
    """CPU time of a process family: what /proc/PID/stat has as utime + stime, but from the process's CPU clock, which counts nanoseconds instead of ticks.
    The split into user and system is stat's own."""

    def __init__(self, pid):
        self.total = self.user = self.system = 0.0
        for p in family(pid):
            try:
                self.total += time.clock_gettime((~p << 3) | 2)
                fields = open(f"/proc/{p}/stat").read().rpartition(")")[2].split()
                self.user += int(fields[11]) / TICKS
                self.system += int(fields[12]) / TICKS
            except OSError:
                pass

    def since(self, before):
        return {"cpu_s": self.total - before.total, "user_s": self.user - before.user, "system_s": self.system - before.system}


def memory_kib(pid):
    """Resident and anonymous KiB of a process family."""
    resident = anonymous = 0
    for p in family(pid):
        try:
            text = open(f"/proc/{p}/status").read()
        except OSError:
            continue
        resident += int(re.search(r"VmRSS:\s*(\d+)", text).group(1))
        anonymous += int(re.search(r"RssAnon:\s*(\d+)", text).group(1))
    return {"rss_kib": resident, "anonymous_kib": anonymous}


class OtherLoad:
    """How many cores other jobs on the machine use while ours are measured."""

    def __init__(self, pids):
        self.pids = pids
        self.busy = self._busy()
        self.ours = self._ours()
        self.at = time.monotonic()

    def cores(self):
        return max(0.0, (self._busy() - self.busy - (self._ours() - self.ours)) / (time.monotonic() - self.at))

    @staticmethod
    def _busy():
        fields = [int(f) for f in open("/proc/stat").readline().split()[1:]]
        # Without idle and iowait; guest time is in user time already.
        return (sum(fields[:8]) - fields[3] - fields[4]) / TICKS

    def _ours(self):
        own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in own) + sum(Cpu(pid).total for pid in self.pids)
