-- wrk's side of a POST measurement: one body, and a result in one line that the script reads.
wrk.method = "POST"
wrk.body = '{"user_id": 123, "action": "login", "metadata": {"page": "/home"}}'
wrk.headers["Content-Type"] = "application/json"

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n",
    summary.requests,
    summary.duration, -- in microseconds, as are the latencies
    latency:percentile(50),
    latency:percentile(99),
    errors.status,    -- answers past 399
    errors.connect + errors.read + errors.write + errors.timeout))
end
