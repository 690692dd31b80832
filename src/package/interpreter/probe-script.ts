/**
 * What an interpreter is asked, in the Python of any 3.x. Tags come from pip's own code where pip is there, because
 * that is what will judge the wheels; without pip they are good enough to say whether the interpreter would fit.
 */
export const PROBE_SCRIPT = `
import json, os, platform, sys, sysconfig

def version_text(info):
    text = "%d.%d.%d" % info[:3]
    return text if info[3] == "final" else text + info[3][0] + str(info[4])

def pip_version():
    try:
        import pip
        return pip.__version__
    except Exception:
        return None

def platforms():
    name = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    found = []
    try:
        libc, _, number = os.confstr("CS_GNU_LIBC_VERSION").partition(" ")
        if libc == "glibc" and name.startswith("linux_"):
            machine = name[len("linux_"):]
            legacy = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
            for minor in range(int(number.split(".")[1]), 4, -1):
                found.append("manylinux_2_%d_%s" % (minor, machine))
                if minor in legacy:
                    found.append(legacy[minor] + "_" + machine)
    except Exception:
        pass
    return found + [name]

def own_tags():
    minor = sys.version_info[1]
    places = platforms()
    cpython = "cp3%d" % minor
    tags = ["%s-%s-%s" % (cpython, abi, place) for abi in (cpython, "abi3", "none") for place in places]
    tags += ["cp3%d-abi3-%s" % (older, place) for older in range(minor - 1, 1, -1) for place in places]
    if sys.implementation.name != "cpython":
        tags = []
    pythons = ["py3%d" % minor, "py3"] + ["py3%d" % older for older in range(minor - 1, -1, -1)]
    tags += ["%s-none-%s" % (python, place) for python in pythons for place in places]
    return tags + [cpython + "-none-any"] + [python + "-none-any" for python in pythons]

def tags():
    try:
        from pip._vendor.packaging.tags import sys_tags
        return [str(tag) for tag in sys_tags()]
    except Exception:
        return own_tags()

markers = {
    "os_name": os.name,
    "sys_platform": sys.platform,
    "platform_machine": platform.machine(),
    "platform_python_implementation": platform.python_implementation(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_version": "%d.%d" % sys.version_info[:2],
    "python_full_version": platform.python_version(),
    "implementation_name": sys.implementation.name,
    "implementation_version": version_text(sys.implementation.version),
}
answer = {
    "executable": sys.executable,
    "realExecutable": os.path.realpath(sys.executable),
    "version": version_text(sys.version_info),
    "implementation": sys.implementation.name,
    "prefix": sys.prefix,
    "isVirtual": sys.prefix != getattr(sys, "base_prefix", sys.prefix),
    "pipVersion": pip_version(),
    "tags": tags(),
    "markers": markers,
}
sys.stdout.write("\\n" + json.dumps(answer) + "\\n")
`;
