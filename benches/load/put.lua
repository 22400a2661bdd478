-- What wrk sends again and again.
wrk.method = "PUT"
wrk.body = '{"status":"Completed"}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Caller"] = "S-1-5-21-2127521184-1604012920-1887927527-14995557"
wrk.headers["Accept"] = "application/json"
