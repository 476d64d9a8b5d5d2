# Sourced by the other scripts: makes .venv with voicecoach in it, and makes it anew when pyproject.toml changes.
# usage: make_venv [EXTRA]    then use "$venv_bin"

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    echo "voicecoach needs Python 3.11 or newer, and none was found. Install it, or name it: PYTHON=/path/to/python3 $0" >&2
    return 1
}

make_venv() {
    extra=${1:-}
    venv="$root/.venv"
    venv_bin="$venv/bin"
    stamp="$venv/.installed${extra:+-$extra}"
    wanted=$(cksum < "$root/pyproject.toml")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$venv_bin/python" -c 'import voicecoach' 2>/dev/null; then
        return 0
    fi
    python=$(find_python) || return 2
    echo "making .venv with $("$python" --version); this is done once" >&2
    if ! "$venv_bin/python" -m pip --version >/dev/null 2>&1 && ! "$python" -m venv --clear "$venv" >&2; then
        echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
        return 2
    fi
    "$venv_bin/python" -m pip install --quiet --disable-pip-version-check --editable "$root${extra:+[$extra]}" >&2 || return 2
    echo "$wanted" > "$stamp"
}
