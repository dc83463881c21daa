"""The two nodes of a failover: each a process that answers for one address while it is its turn."""

import contextlib
import os
import signal
import subprocess

from . import announcer
from .addresses import ONE
from .network import enter, kill_all
from .subjects import resident_memory
from .system import CLOSERS, run

ADDRESS = ONE[0]


class Member:
    """A node's program. Nodes have addresses of their own, which VRRP and CARP speak from."""

    def __init__(self, lan, node, directory):
        self.lan, self.node, self.namespace = lan, node, lan.nodes[node]
        self.directory = os.path.join(directory, node)
        os.mkdir(self.directory)
        self.own = f"10.80.0.{2 + list(lan.nodes).index(node)}"
        self.log_path = os.path.join(self.directory, "log")
        self.log, self.process = None, None
        run("ip", "-n", self.namespace, "address", "add", f"{self.own}/12", "dev", "lan0")
        CLOSERS.callback(self.kill)

    def line(self):
        """The command line; a subclass says it."""
        raise NotImplementedError

    def is_standby(self):
        """Whether it knows that another node has the address, and would take over."""
        raise NotImplementedError

    def start(self):
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(enter(self.namespace) + self.line(), stdout=self.log,
                                        stderr=self.log)

    def leave(self):
        """As a service is stopped."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        """As a machine ends: all of its processes at once, and no address stays behind."""
        if self.process:
            kill_all(self.namespace)
        self.forget()
        with contextlib.suppress(subprocess.CalledProcessError):
            run("ip", "-n", self.namespace, "address", "delete", f"{ADDRESS}/32", "dev", "lan0")

    def forget(self):
        if self.process:
            self.process.wait()
            self.log.close()
            self.process = None

    def last_logged(self, *texts):
        """Which of several texts the log has last; None where it has none of them."""
        with open(self.log_path) as file:
            log = file.read()
        return max((text for text in texts if text in log), key=log.rfind, default=None)

    def hardware_address(self):
        return run("ip", "netns", "exec", self.namespace, "cat",
                   "/sys/class/net/lan0/address").strip()

    def memory(self):
        return resident_memory(run("ip", "netns", "pids", self.namespace).split())


class AnnouncerMember(Member):
    """The announcer; `lease` is the section of its configuration."""

    def __init__(self, lan, node, directory, lease):
        super().__init__(lan, node, directory)
        with open(os.path.join(self.directory, "config.yaml"), "w") as file:
            file.write(announcer.configuration(node, [ADDRESS], self.directory, lease))

    def line(self):
        return [announcer.Announcer.binary, "run", "--config",
                os.path.join(self.directory, "config.yaml")]

    def is_standby(self):
        return announcer.states(announcer.Announcer.binary, self.directory) == ["standby"]


class KeepalivedMember(Member):
    """keepalived's VRRP alone, version 3; whoever has the address keeps it."""

    def __init__(self, lan, node, directory, interval, addresses=(ADDRESS,)):
        super().__init__(lan, node, directory)
        # The first is named in the advertisements, which have room for 255 in all; the others follow.
        others = "".join(f"    {address}/{128 if ':' in address else 32} dev lan0\n"
                         for address in addresses[1:])
        with open(os.path.join(self.directory, "keepalived.conf"), "w") as file:
            # The higher the priority, the shorter the wait beyond three advertisements. 255 is for
            # the owner of the address, which no two nodes can be.
            file.write(f"global_defs {{\n  router_id {node}\n  vrrp_version 3\n}}\n"
                       "vrrp_instance bench {\n  state BACKUP\n  nopreempt\n  interface lan0\n"
                       f"  virtual_router_id 51\n  priority 254\n  advert_int {interval}\n"
                       f"  virtual_ipaddress {{\n    {addresses[0]}/32 dev lan0\n  }}\n"
                       + (f"  virtual_ipaddress_excluded {{\n{others}  }}\n" if others else "")
                       + "}\n")

    def start(self):
        # A machine that comes back has none of its former self's.
        for name in ("pid", "vrrp.pid"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(self.directory, name))
        super().start()

    def line(self):
        return ["keepalived", "--dont-fork", "--log-console", "--vrrp",
                "--use-file", os.path.join(self.directory, "keepalived.conf"),
                "--pid", os.path.join(self.directory, "pid"),
                "--vrrp_pid", os.path.join(self.directory, "vrrp.pid")]

    def is_standby(self):
        backup = "Entering BACKUP STATE"
        return self.last_logged(backup, "Entering MASTER STATE") == backup


class UcarpMember(Member):
    """ucarp, whose scripts put the address on the interface and take it off."""

    def __init__(self, lan, node, directory, dead_ratio):
        super().__init__(lan, node, directory)
        self.dead_ratio = dead_ratio
        for script, verb in (("up", "add"), ("down", "delete")):
            path = os.path.join(self.directory, script)
            with open(path, "w") as file:
                file.write(f'#!/bin/sh\nip address {verb} "$2/32" dev "$1"\n')
            os.chmod(path, 0o755)

    def line(self):
        return ["ucarp", "--interface=lan0", f"--srcip={self.own}", "--vhid=51", "--pass=bench",
                f"--addr={ADDRESS}", f"--upscript={self.directory}/up",
                f"--downscript={self.directory}/down", "--shutdown", "--neutral",
                "--advbase=1", "--advskew=0", f"--deadratio={self.dead_ratio}"]

    def is_standby(self):
        return self.last_logged("state: BACKUP", "state: MASTER") == "state: BACKUP"
