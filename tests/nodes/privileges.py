"""What a node's container may do: everything that this process may.

docker's --privileged asks for all capabilities, and fails as a whole where one of them is kept from the machine's own
root; SYS_RESOURCE often is, in virtual machines for tests."""
import pathlib

NAMES = ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE "
         "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT "
         "SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP "
         "MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ").split()  # later ones an engine of 20.10 does not know


def capabilities():
    """Those that this process could hand on, by name (capabilities(7), in the order of their numbers)."""
    status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    bits = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")), 16)
    return [name for number, name in enumerate(NAMES) if bits >> number & 1]


def of_a_node():
    """Options of `docker run`."""
    added = [word for name in capabilities() for word in ("--cap-add", name)]
    return [*added, "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "a *:* rwm", "--device", "/dev/kmsg"]
