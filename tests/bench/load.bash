# Load and what came of it. Sourced by run, after servers.bash. Results are lines of $folder/results:
#   server connections round requests/s p50_us p99_us

declare -A created # server -> answers 201 counted by wrk

# One POST by hand: what wrk then counts as a success must really be a 201.
post_once() { # server
  local status
  status=$(curl -s -o /dev/null -w '%{http_code}' -d '{"user_id": 1, "action": "probe"}' \
    "http://127.0.0.1:${server_port[$1]}/api/events")
  [ "$status" = 201 ] || die "$1 answered $status instead of 201 to a POST"
  created[$1]=$((${created[$1]:-0} + 1))
}

load() { # server connections seconds; sets requests duration p50 p99
  local threads=2 output status_errors socket_errors
  [ "$2" -gt 1 ] || threads=1
  output=$(wrk -t "$threads" -c "$2" -d "${3}s" --timeout 10s -s "$here/post.lua" \
    "http://127.0.0.1:${server_port[$1]}/api/events" 2>&1) || die "wrk failed: $output"
  read -r _ requests duration p50 p99 status_errors socket_errors <<<"$(grep '^RESULT ' <<<"$output")"
  [ "${status_errors:-1}" -eq 0 ] && [ "$socket_errors" -eq 0 ] ||
    die "$1 at $2 connections: not every answer was a 201: $output"
  created[$1]=$((${created[$1]:-0} + requests))
}

measure() { # server connections round
  load "$1" "$2" "$seconds"
  awk -v head="$1 $2 $3" -v n="$requests" -v us="$duration" -v p50="$p50" -v p99="$p99" \
    'BEGIN { printf "%s %.0f %d %d\n", head, n * 1e6 / us, p50, p99 }' | tee -a "$folder/results" |
    awk '{ printf "   round %d, %3d connections, %-12s %7d req/s\n", $3, $2, $1, $4 }'
}

# Prints the medians of all rounds, and of each round's share of what the other two servers did in the same round.
table() {
  awk '
    function median(list,   values, count, i, j, kept) {
      count = split(list, values, " ")
      for (i = 2; i <= count; i++) {
        kept = values[i] + 0
        for (j = i - 1; j >= 1 && values[j] + 0 > kept; j--) values[j + 1] = values[j]
        values[j + 1] = kept
      }
      return count % 2 ? values[(count + 1) / 2] + 0 : (values[count / 2] + values[count / 2 + 1]) / 2
    }
    function share(server, base, connections,   list, round) {
      for (round = 1; round <= rounds; round++)
        list = list " " rate[server, connections, round] / rate[base, connections, round]
      return sprintf("%.2f", median(list))
    }
    {
      rate[$1, $2, $3] = $4
      rates[$1, $2] = rates[$1, $2] " " $4
      p50s[$1, $2] = p50s[$1, $2] " " $5
      p99s[$1, $2] = p99s[$1, $2] " " $6
      if ($3 > rounds) rounds = $3
      if (!($2 in seen)) { seen[$2] = 1; levels[++level_count] = $2 }
    }
    END {
      print "connections  server        req/s   p50 ms   p99 ms   of no-store  of nginx"
      count = split("sqlite no-store nginx", servers, " ")
      for (l = 1; l <= level_count; l++)
        for (s = 1; s <= count; s++) {
          server = servers[s]; level = levels[l]
          printf "%11d  %-9s %9d %8.3f %8.3f   %11s  %8s\n", level, server, median(rates[server, level]),
            median(p50s[server, level]) / 1000, median(p99s[server, level]) / 1000,
            server == "sqlite" ? share(server, "no-store", level) : "",
            server == "nginx" ? "" : share(server, "nginx", level)
        }
    }' "$folder/results"
}

# Every 201 must be a row of the file.
check_rows() { # server database
  local rows
  rows=$(sqlite3 "$2" 'SELECT count(*) FROM events')
  [ "$rows" -ge "${created[$1]}" ] || die "$1 answered ${created[$1]} times 201, and $2 has only $rows events"
  say "$1: ${created[$1]} answers 201, $rows rows in the database: none is missing"
}
