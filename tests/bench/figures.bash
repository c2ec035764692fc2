# The single figures. Sourced by run, after load.bash.

median_of() { # reads numbers, one a line
  sort -n | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# What the access log costs once its lines are kept.
access_log_to_a_file() {
  local round rates=
  start_program logged "$folder/access.log" "$(sqlite_lines "$folder/logged.db")"
  for ((round = 1; round <= rounds; round++)); do
    load logged 64 "$seconds"
    rates+=$(awk -v n="$requests" -v us="$duration" 'BEGIN { printf "%.0f", n * 1e6 / us }')$'\n'
  done
  stop logged
  check_rows logged "$folder/logged.db"
  say "POST at 64 connections with the access log written to a file: $(printf %s "$rates" | median_of) req/s," \
    "$(grep -c '"HTTP request"' "$folder/access.log") lines"
  rm -f "$folder/access.log" "$folder"/logged.db*
}

peak_kb() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; }

# One GET of all there is, read as fast as it comes; and what it did to the server's memory.
big_answer() {
  local before after answer count bytes took status
  start_program filled /dev/null "$(sqlite_lines "$folder/filled.db")"
  stop filled
  sqlite3 "$folder/filled.db" "
    INSERT INTO events (user_id, action, metadata, created_at)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $events)
    SELECT n % 1000 + 1, 'login', '{\"page\":\"/home\"}', 1735689600000000 + n * 1000 FROM numbers;"
  start_program big /dev/null "$(sqlite_lines "$folder/filled.db")"
  before=$(peak_kb "${server_pid[big]}")
  # Twice: to count what came, and to time it with a reader that only throws it away.
  count=$(curl -s "http://127.0.0.1:${server_port[big]}/api/events?from=2025-01-01&to=2030-01-01" | grep -o '"id":' | wc -l)
  [ "$count" -eq "$events" ] || die "GET returned $count events instead of $events"
  answer=$(curl -s -o /dev/null -w '%{http_code} %{size_download} %{time_total}' \
    "http://127.0.0.1:${server_port[big]}/api/events?from=2025-01-01&to=2030-01-01")
  after=$(peak_kb "${server_pid[big]}")
  stop big
  read -r status bytes took <<<"$answer"
  [ "$status" = 200 ] || die "GET of $events events answered $status"
  awk -v n="$events" -v bytes="$bytes" -v s="$took" -v before="$before" -v after="$after" 'BEGIN {
    printf "== GET of %d events: %.2f s, %.0f events/s, %.0f MB/s; peak memory %.1f MB, %.1f MB before\n",
      n, s, n / s, bytes / s / 1e6, after / 1024, before / 1024 }'
  rm -f "$folder"/filled.db*
}

# The store without HTTP before it.
store_alone() {
  say "The store alone, appended to from one thread"
  "$append_rate" "$plugins/sqlite-store.so" "$folder" "$seconds" || die "not every event was stored"
  rm -f "$folder"/append-rate.db*
}

start_times() {
  local run port fresh= again=
  port=$(free_port)
  configuration start "$port" "$(sqlite_lines "$folder/start.db")"
  for ((run = 0; run < starts; run++)); do
    rm -f "$folder"/start.db*
    fresh+=$("$start_probe" "$port" /api/events "$program" run --config "$folder/start.yaml")$'\n'
  done
  for ((run = 0; run < starts; run++)); do
    again+=$("$start_probe" "$port" /api/events "$program" run --config "$folder/start.yaml")$'\n'
  done
  awk -v again="$(printf %s "$again" | median_of)" -v fresh="$(printf %s "$fresh" | median_of)" -v n="$starts" 'BEGIN {
    printf "== From start to the first 201: %.1f ms (goal: 25 ms); with a new database %.1f ms; medians of %d\n",
      again / 1000, fresh / 1000, n }'
}

idle_memory() {
  start_program idle /dev/null "$(sqlite_lines "$folder/idle.db")"
  post_once idle
  sleep 1
  awk '/^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } END {
    printf "== Memory when idle, after one request: RSS %.1f MB, PSS %.1f MB (goal: 16 MB)\n", rss / 1024, pss / 1024 }' \
    "/proc/${server_pid[idle]}/smaps_rollup"
  stop idle
}
