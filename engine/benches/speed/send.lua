-- Hands out the requests of a file, whose bytes come after their number on a line: from a number on, or round and round.
local requests, at, once = {}, 0, false

function init(args)
    local file = assert(io.open(args[1], "rb"))
    while true do
        local length = file:read("*n", 1)
        if not length then break end
        requests[#requests + 1] = file:read(length)
    end
    file:close()
    if args[2] then
        at, once = tonumber(args[2]), true
    end
end

function request()
    at = at + 1
    if at > #requests then
        if once then
            wrk.thread:stop()
            return requests[1]
        end
        at = 1
    end
    return requests[at]
end

function done(summary, latency, _)
    local errors = summary.errors
    local wrong = errors.connect + errors.read + errors.write + errors.timeout + errors.status
    io.write(string.format("SEEN %d %d %d %d %d\n", summary.requests, summary.duration, wrong,
        latency:percentile(50), latency:percentile(99)))
end
