-- What wrk sends again and again: to one path, or with the argument `each` to that of one request after the other.
wrk.method = "PUT"
wrk.body = '{"status":"Completed"}'
wrk.headers["Accept"] = "application/json"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Dev-Caller"] = "S-1-5-21-2127521184-1604012920-1887927527-14995557"

function init(args)
  if args[1] == "each" then
    local folder, number = wrk.path, -1
    request = function()
      number = number + 1
      return wrk.format(nil, string.format("%s%08x-0000-4000-8000-000000000000", folder, number))
    end
  end
end
