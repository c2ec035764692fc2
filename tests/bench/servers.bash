# The servers that are measured, each on a port of its own of 127.0.0.1. Sourced by run, which sets `program`, `plugins`,
# `null_store` and `folder`.

declare -A server_port server_pid
started=()

say() { printf '== %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A port that nobody listens on now. Below the ports that connections come from, so that none of those takes it.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 10000))
    if ! (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  die "no free port found between 20000 and 29999"
}

wait_for_port() { # port pid log
  for _ in {1..1000}; do
    if (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null; then return; fi
    kill -0 "$2" 2>/dev/null || die "the server ended before it listened: $(tail -n 5 "$3")"
    sleep 0.01
  done
  die "the server does not listen on port $1 after ten seconds: $(tail -n 5 "$3")"
}

configuration() { # name port store-lines
  cat >"$folder/$1.yaml" <<END
host:
  plugin_folders: ["$plugins"]
plugins:
$3
  - id: http
    plugin: http-api
    settings: {host: 127.0.0.1, port: $2, base_path: /api}
END
}
sqlite_lines() { # database
  printf '  - id: store\n    plugin: sqlite-store\n    settings: {path: "%s"}' "$1"
}
null_lines() {
  printf '  - id: store\n    plugin: "%s"' "$null_store"
}

start() { # name port log command...
  local name=$1 port=$2 log=$3
  shift 3
  "$@" >"$log" 2>"$folder/$name.err" &
  server_pid[$name]=$!
  server_port[$name]=$port
  started+=("$name")
  wait_for_port "$port" "${server_pid[$name]}" "$folder/$name.err"
}

# The real program; its log, one line a request, goes to `log`.
start_program() { # name log store-lines
  local port
  port=$(free_port)
  configuration "$1" "$port" "$3"
  start "$1" "$port" "$2" "$program" run --config "$folder/$1.yaml"
}

# What the same machine answers to the same requests when nothing at all is done with them.
start_nginx() { # name nginx
  local port
  port=$(free_port)
  mkdir -p "$folder/nginx"
  {
    [ "$(id -u)" -ne 0 ] || echo "user root;"
    cat <<END
worker_processes auto;
daemon off;
pid "$folder/nginx/pid";
error_log stderr;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path "$folder/nginx/body";
  proxy_temp_path "$folder/nginx/proxy";
  fastcgi_temp_path "$folder/nginx/fastcgi";
  uwsgi_temp_path "$folder/nginx/uwsgi";
  scgi_temp_path "$folder/nginx/scgi";
  server {
    listen 127.0.0.1:$port reuseport;
    location / { return 201; }
  }
}
END
  } >"$folder/nginx/nginx.conf"
  start "$1" "$port" /dev/null "$2" -p "$folder/nginx" -e stderr -c "$folder/nginx/nginx.conf"
}

# Ends it as an operator would, and waits for it.
stop() { # name
  kill -TERM "${server_pid[$1]}"
  wait "${server_pid[$1]}" || die "$1 did not end cleanly: $(tail -n 5 "$folder/$1.err")"
  unset "server_pid[$1]"
}
stop_all() {
  for name in "${started[@]}"; do
    [ -z "${server_pid[$name]:-}" ] || kill -TERM "${server_pid[$name]}" 2>/dev/null || true
  done
  wait
}

# nginx's binary: the installed one, or the package's, unpacked in build: installing it would start a server.
find_nginx() { # build-folder; sets `nginx`
  nginx=$(PATH=$PATH:/usr/sbin:/sbin command -v nginx) && return
  local unpacked=$1/nginx
  nginx=$unpacked/usr/sbin/nginx
  [ ! -x "$nginx" ] || return 0
  say "Unpacking nginx in $unpacked (nothing is installed)"
  rm -rf "$unpacked"
  mkdir -p "$unpacked"
  (cd "$unpacked" && apt-get download -q nginx && dpkg-deb -x nginx_*.deb .) ||
    die "nginx could not be downloaded; try: apt-get update, or install nginx-light"
  if ldd "$nginx" | grep -q 'not found'; then
    die "nginx lacks libraries: $(ldd "$nginx" | grep 'not found')"
  fi
}
