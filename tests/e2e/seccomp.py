"""Takes kinds of sockets from this process and its children, as RestrictAddressFamilies= of systemd does."""
import ctypes
import errno
import platform
import struct

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
SOCKET = {"x86_64": 41, "aarch64": 198}[platform.machine()]
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
ALLOW, ERRNO = 0x7fff0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16  # offsets in struct seccomp_data


def without_family(family):
    """From now on socket(2) with this family fails with EAFNOSUPPORT."""
    steps = [(LOAD_WORD, 0, 0, NUMBER), (JUMP_IF_EQUAL, 0, 3, SOCKET), (LOAD_WORD, 0, 0, FIRST_ARGUMENT),
             (JUMP_IF_EQUAL, 0, 1, family), (RETURN, 0, 0, ERRNO | errno.EAFNOSUPPORT), (RETURN, 0, 0, ALLOW)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
