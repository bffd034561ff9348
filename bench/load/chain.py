"""The processes: nginx as backend and as reference, the ztunnels on both sides, the waypoints under test. All on 127.61.0.0/16; ended by process id."""
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request

import machine

PODS = ["127.61.1.1", "127.61.1.2", "127.61.1.3"]
VIP = "10.61.0.1"
HTTP, HTTP2, TCP = 8001, 8002, 8003          # ports of a source shim
SERVICE_PORT = {HTTP: 80, HTTP2: 9000, TCP: 6000}
POD_PORT = {HTTP: 8080, HTTP2: 9090, TCP: 6060}
NGINX, NGINX_STREAM, NGINX_H2, TLS_ONLY, TLS_BACKEND = 8443, 8444, 8445, 8446, 8443
NGINX_IP, DIRECT_IP = "127.61.0.5", "127.61.0.4"
START_SECONDS = 30


class Process:
    def __init__(self, name, command, log, ready_line=False, environment=None):
        self.name, self.log = name, log
        with open(log, "w") as out:
            self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if ready_line else out, stderr=out,
                                          text=True, env=dict(os.environ, **(environment or {})), start_new_session=True)
        self.pid = self.popen.pid
        if ready_line and self.popen.stdout.readline().strip() != "ready":
            self.fail("did not get ready")

    def fail(self, what):
        raise RuntimeError(f"{self.name} {what}; its last words:\n" + "".join(open(self.log).readlines()[-15:]))

    def wait_port(self, address, port):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.popen.poll() is not None:
                self.fail(f"ended with {self.popen.returncode}")
            try:
                socket.create_connection((address, port), 1).close()
                return
            except OSError:
                time.sleep(0.002)
        self.fail(f"does not listen on {address}:{port}")

    def stop(self):
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


class Chain:
    def __init__(self, folder, load_program):
        self.folder, self.load = folder, load_program
        self.running = []
        self.certs = f"{folder}/mesh/certs"
        self.files = f"{folder}/files"

    # ---- the surroundings

    def make_config(self, waypoint_ip, options):
        subprocess.run([self.load, "make-config", "--out", f"{self.folder}/mesh", "--waypoint", waypoint_ip, "--pods", ",".join(PODS)] + options, check=True)

    def make_files(self):
        os.makedirs(self.files, exist_ok=True)
        with open(f"{self.files}/1k", "w") as f:
            f.write("0123456789abcdef" * 64)
        for name, size in (("1g", 1 << 30), ("128m", 1 << 27)):
            with open(f"{self.files}/{name}", "w") as f:
                f.truncate(size)

    def start_surroundings(self):
        self.nginx("backend", self._backend())
        self.destination = self._start("destination", [self.load, "destination", "--pods", ",".join(PODS), "--certs", self.certs, "--as", "app"], ready_line=True)
        self.direct = self.source("direct", DIRECT_IP, f"{PODS[0]}:15008", lambda port: f"{PODS[0]}:{POD_PORT[port]}")
        self.start_nginx()

    def start_nginx(self):
        self.proxy = self.nginx("proxy", self._proxy())
        self.proxy.wait_port(NGINX_IP, NGINX)
        return self.proxy

    def source(self, name, listen_ip, to, authority):
        maps = [f"{listen_ip}:{port}={authority(port)}" for port in (HTTP, HTTP2, TCP)]
        command = [self.load, "source", "--to", to, "--certs", self.certs, "--as", "client", "--map"] + maps
        return self._start(f"source-{name}", command, ready_line=True)

    # ---- the waypoint

    def start_waypoint(self, name, program, ip):
        process = self._start(name, [program, "run", "--xds-dir", f"{self.folder}/mesh/xds", "--bind", ip, "--log-level", "warning",
                                     "--cert", f"{self.certs}/waypoint.pem", "--key", f"{self.certs}/waypoint.key", "--ca", f"{self.certs}/ca.pem"])
        process.wait_port(ip, 15008)
        return process

    def source_of_waypoint(self, name, listen_ip, waypoint_ip):
        return self.source(name, listen_ip, f"{waypoint_ip}:15008", lambda port: f"{VIP}:{SERVICE_PORT[port]}")

    def wait_answer(self, process, address):
        """Until the whole chain answers: the configuration may still be on its way when the port is open."""
        end, last = time.monotonic() + START_SECONDS, None
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://{address}/1k", timeout=5) as answer:
                    if answer.status == 200 and len(answer.read()) == 1024:
                        return
            except (OSError, urllib.error.URLError, ValueError) as e:
                last = e
            time.sleep(0.005)
        process.fail(f"never answered 200 ({last})")

    # ---- processes

    def pids(self):
        return [p.pid for p in self.running]

    def stop(self, process):
        if process in self.running:
            self.running.remove(process)
        process.stop()

    def stop_all(self):
        while self.running:
            self.running.pop().stop()

    def _start(self, name, command, ready_line=False):
        process = Process(name, command, f"{self.folder}/{name}.log", ready_line)
        self.running.append(process)
        return process

    def nginx(self, name, body):
        prefix = f"{self.folder}/nginx-{name}"
        os.makedirs(prefix, exist_ok=True)
        with open(f"{prefix}/nginx.conf", "w") as f:
            f.write(body)
        return self._start(f"nginx-{name}", ["nginx", "-p", prefix, "-c", f"{prefix}/nginx.conf", "-e", f"{prefix}/error.log"])

    def _head(self, name):
        prefix = f"{self.folder}/nginx-{name}"
        temporary = "\n  ".join(f"{kind}_temp_path {prefix}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;" if os.geteuid() == 0 else ""
        return f"""load_module {machine.STREAM_MODULE};
{user}
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log error;
events {{ worker_connections 16384; }}
""", f"""  access_log off;
  {temporary}
  keepalive_timeout 3600s;
  keepalive_requests 1000000000;
  default_type text/plain;
  client_max_body_size 0;
  ssl_protocols TLSv1.3;
"""

    def _backend(self):
        main, http = self._head("backend")
        content = f"root {self.files}; sendfile on; location = /sink {{ return 200 ok; }}"
        plain = "\n    ".join(f"listen {pod}:{port};" for pod in PODS for port in (POD_PORT[HTTP], POD_PORT[TCP]))
        h2c = "\n    ".join(f"listen {pod}:{POD_PORT[HTTP2]} http2;" for pod in PODS)
        tls = "\n    ".join(f"listen {pod}:{TLS_BACKEND} ssl http2;" for pod in PODS)
        return f"""{main}http {{
{http}
  http2_max_concurrent_streams 1024;
  server {{
    {plain}
    {content}
  }}
  server {{
    {h2c}
    {content}
  }}
  server {{
    {tls}
    ssl_certificate {self.certs}/app.pem;
    ssl_certificate_key {self.certs}/app.key;
    ssl_client_certificate {self.certs}/ca.pem;
    ssl_verify_client on;
    {content}
  }}
  server {{
    listen {NGINX_IP}:{TLS_ONLY} ssl;
    ssl_certificate {self.certs}/proxy.pem;
    ssl_certificate_key {self.certs}/proxy.key;
    ssl_client_certificate {self.certs}/ca.pem;
    ssl_verify_client optional;
    {content}
  }}
}}
"""

    def _proxy(self):
        """TLS in (a client certificate is checked if there is one: wrk and h2load have none), mutual TLS out with kept-alive connections."""
        main, http = self._head("proxy")
        servers = " ".join(f"server {pod}:{TLS_BACKEND};" for pod in PODS)
        incoming = f"""ssl_certificate {self.certs}/proxy.pem;
    ssl_certificate_key {self.certs}/proxy.key;
    ssl_client_certificate {self.certs}/ca.pem;
    ssl_verify_client optional;"""

        def outgoing(kind):
            return f"""{kind}_ssl_certificate {self.certs}/proxy.pem;
      {kind}_ssl_certificate_key {self.certs}/proxy.key;
      {kind}_ssl_trusted_certificate {self.certs}/ca.pem;
      {kind}_ssl_verify on;
      {kind}_ssl_name app.load;
      {kind}_ssl_protocols TLSv1.3;"""

        return f"""{main}http {{
{http}
  upstream pods {{ {servers} keepalive 256; keepalive_requests 1000000000; keepalive_timeout 3600s; }}
  upstream pods_h2 {{ {servers} keepalive 256; keepalive_requests 1000000000; keepalive_timeout 3600s; }}
  server {{
    listen {NGINX_IP}:{NGINX} ssl http2;
    {incoming}
    location / {{
      proxy_pass https://pods;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
      {outgoing("proxy")}
    }}
  }}
  server {{
    listen {NGINX_IP}:{NGINX_H2} ssl http2;
    {incoming}
    location / {{
      grpc_pass grpcs://pods_h2;
      {outgoing("grpc")}
    }}
  }}
}}
stream {{
  upstream pods {{ {servers} }}
  server {{
    listen {NGINX_IP}:{NGINX_STREAM} ssl;
    ssl_protocols TLSv1.3;
    {incoming}
    proxy_pass pods;
    proxy_ssl on;
    {outgoing("proxy")}
  }}
}}
"""
