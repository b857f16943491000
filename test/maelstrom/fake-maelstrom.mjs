#!/usr/bin/env node
/**
 * A stand-in for Maelstrom, with its command line, its log, its exit codes and the results it leaves in `store`. It
 * starts real nodes, initializes them, carries their messages, and has every node answer a few requests of the workload.
 * It judges the answers, but does so at once: rate, latency, time limit and faults are read and left aside. Node 20 runs
 * it alone.
 *
 * The environment makes it misbehave. `FAKE_MAELSTROM` is `invalid`: the workload's checker finds fault; `unknown`: the
 * checker throws; `crash`: the analysis ends with an exception and leaves no results; `garbage`: the results are cut off;
 * `hang`: it waits for ever once the nodes are there. `FAKE_MAELSTROM_MSGS_PER_OP` and `FAKE_MAELSTROM_LATENCIES` (median
 * and maximum, as `400,600`) are figures to report instead of what was measured. `FAKE_MAELSTROM_NODES` is how many nodes
 * it starts at most, whatever `--node-count` asks for.
 */
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as readline from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"

const misbehaviour = process.env.FAKE_MAELSTROM

// The command line.

const number = (text) => text !== "" && Number(text) >= 0
const count = (text) => /^[1-9]\d*$/.test(text)
const among = (...names) =>
  Object.assign((text) => names.includes(text), { problem: `Must be one of ${names.join(", ")}` })
const anything = () => true
const models = ["read-uncommitted", "read-committed", "repeatable-read", "serializable", "strict-serializable"]

const flagSpecs = {
  "--bin": anything,
  "--workload": among("broadcast", "echo", "g-counter", "kafka", "pn-counter", "txn-rw-register", "unique-ids"),
  "--availability": (text) => text === "total" || (number(text) && Number(text) <= 1),
  "--concurrency": (text) => /^\d+n?$/.test(text),
  "--consistency-models": among(...models),
  "--key-count": count,
  "--latency": (text) => /^\d+$/.test(text),
  "--latency-dist": among("constant", "uniform", "exponential"),
  "--max-txn-length": count,
  "--max-writes-per-key": count,
  "--nemesis": among("partition"),
  "--nemesis-interval": number,
  "--node-count": count,
  "--rate": number,
  "--test-count": count,
  "--time-limit": count,
  "--topology": among("grid", "line", "total", "tree2", "tree3", "tree4")
}
const switches = new Set(["--log-stderr", "--log-net-send", "--log-net-recv"])

const parse = ([command, ...args]) => {
  if (command !== "test") {
    quit(254, "Usage: lein run -- COMMAND [OPTIONS ...]", "Commands: analyze, demo, doc, serve, test")
  }
  const options = {}
  const errors = []
  const end = args.includes("--") ? args.indexOf("--") : args.length
  for (let i = 0; i < end; i++) {
    const name = args[i] === "-w" ? "--workload" : args[i]
    const spec = flagSpecs[name]
    if (switches.has(name)) {
      options[name] = true
    } else if (spec === undefined) {
      errors.push(`Unknown option: ${JSON.stringify(name)}`)
    } else if (i + 1 === end) {
      errors.push(`Missing required argument for "${name}"`)
    } else if (!spec(args[++i])) {
      errors.push(`Failed to validate "${name} ${args[i]}": ${spec.problem ?? "Invalid"}`)
    } else {
      options[name] = args[i]
    }
  }
  if (options["--bin"] === undefined) {
    errors.push("Expected a --bin PATH_TO_BINARY to test")
  }
  if (options["--workload"] === undefined) {
    errors.push("Expected a -w WORKLOAD to test")
  }
  if (errors.length > 0) {
    quit(254, ...errors)
  }
  return { ...options, args: args.slice(end + 1) }
}

const quit = (code, ...lines) => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""))
  process.exit(code)
}

// The log.

let logFile
const log = (level, thread, source, text) => {
  const line = `${level} [${new Date().toISOString().replace("T", " ").replace(".", ",").slice(0, 23)}] ${thread} - ${source} ${text}\n`
  process.stdout.write(line)
  if (logFile !== undefined) {
    fs.appendFileSync(logFile, line)
  }
}
const runnerLog = (source, text) => log("INFO", "jepsen test runner", source, text)

// The network: nodes, the services that Maelstrom has, and clients.

const failure = (code, text) => ({ type: "error", code, text })

const keyValueStore = () => {
  const values = new Map()
  return ({ create_if_not_exists: create, from, key, to, type, value }) => {
    const id = JSON.stringify(key)
    if (type === "write") {
      values.set(id, value)
    }
    if (type === "write") {
      return { type: "write_ok" }
    }
    if (!values.has(id) && !(type === "cas" && create)) {
      return failure(20, "key does not exist")
    }
    if (type === "read") {
      return { type: "read_ok", value: values.get(id) }
    }
    if (type !== "cas") {
      return failure(10, `unknown request ${type}`)
    }
    if (values.has(id) && JSON.stringify(values.get(id)) !== JSON.stringify(from)) {
      return failure(22, "not as expected")
    }
    values.set(id, to)
    return { type: "cas_ok" }
  }
}

let timestamp = 0
const services = {
  "lin-kv": keyValueStore(),
  "seq-kv": keyValueStore(),
  "lww-kv": keyValueStore(),
  "lin-tso": () => ({ type: "ts_ok", ts: timestamp++ })
}

const nodes = new Map()
const waiting = new Map()
const traffic = { clients: 0, servers: 0 }
let messageId = 0

const send = (message) => {
  const { body, dest, src } = message
  traffic[/^c\d/.test(src) || /^c\d/.test(dest) ? "clients" : "servers"]++
  if (nodes.has(dest)) {
    nodes.get(dest).child.stdin.write(`${JSON.stringify({ id: messageId++, ...message })}\n`)
  } else if (services[dest] !== undefined) {
    send({ src: dest, dest: src, body: { ...services[dest](body), in_reply_to: body.msg_id } })
  } else if (/^c\d/.test(dest)) {
    waiting.get(body.in_reply_to)?.(body)
  } else {
    log("WARN", `${src} stdout`, "maelstrom.process", `Error! There is no node ${dest}`)
  }
}

const receive = (node, line) => {
  let message
  try {
    message = JSON.parse(line)
  } catch {
    log("WARN", `${node} stdout`, "maelstrom.process", `Error! Not well-formed JSON:\n${line}`)
    return
  }
  const { body, dest, src } = message
  const isRight = src === node && typeof dest === "string" && typeof body?.type === "string"
  if (isRight) {
    send(message)
  } else {
    log("WARN", `${node} stdout`, "maelstrom.process", `Error! Malformed network message:\n${line}`)
  }
}

const startNode = (id, bin, args, logs) => {
  runnerLog("maelstrom.db", `Setting up ${id}`)
  runnerLog("maelstrom.process", `launching ${bin} [${args.map((arg) => JSON.stringify(arg)).join(" ")}]`)
  const child = spawn(path.resolve(bin), args, { cwd: os.tmpdir(), stdio: ["pipe", "pipe", "pipe"] })
  child.on("error", ({ message }) => broken(message))
  child.stdin.on("error", () => {})
  child.stderr.pipe(fs.createWriteStream(path.join(logs, `${id}.log`)))
  readline.createInterface({ input: child.stdout }).on("line", (line) => receive(id, line))
  nodes.set(id, { child })
}

/** Asks a node, and waits for what it answers: at most 10 s, as Maelstrom does for `init`. */
const rpc = (dest, body) =>
  new Promise((resolve) => {
    const id = waiting.size + 1
    const timer = setTimeout(() => resolve(undefined), 10_000)
    waiting.set(id, (reply) => resolve((clearTimeout(timer), reply)))
    send({ src: `c${id}`, dest, body: { ...body, msg_id: id } })
  })

/** What Jepsen does when it cannot go on. */
const broken = (message) => {
  for (const { child } of nodes.values()) {
    child.kill("SIGKILL")
  }
  log("ERROR", "main", "jepsen.cli", "Oh jeez, I'm sorry, Jepsen broke. Here's why:")
  quit(255, `clojure.lang.ExceptionInfo: ${message}`, "\tat slingshot.support$stack_trace.invoke(support.clj:201)")
}

// Workloads: what clients ask, and the results in EDN.

const operations = []

/** One operation of a client: the reply, or undefined if there was none, or an error. */
const operate = async (node, body, replyType) => {
  const { type: f, ...value } = body
  const say = (type, what) => {
    const text = `${node.slice(1)}\t:${type}\t:${f}\t${JSON.stringify(what)}`
    log("INFO", `jepsen worker ${node.slice(1)}`, "jepsen.util", text)
  }
  say("invoke", value)
  const reply = await rpc(node, body)
  const type = reply === undefined ? "info" : reply.type === replyType ? "ok" : "fail"
  say(type, reply)
  operations.push({ f, type })
  return type === "ok" ? reply : undefined
}

const each = (run) => Promise.all([...nodes.keys()].map(run))

/** Asks every node again and again until all answers are right, 10 s at most. Gives the last answers. */
const eventually = async (ask, isRight, until = Date.now() + 10_000) => {
  const answers = await each(ask)
  if (answers.every(isRight) || Date.now() > until) {
    return answers
  }
  await sleep(100)
  return eventually(ask, isRight, until)
}

const counter = async (deltas) => {
  const added = await each((node, i) => operate(node, { type: "add", delta: deltas[i % deltas.length] }, "add_ok"))
  const sum = added.reduce((total, reply, i) => total + (reply === undefined ? 0 : deltas[i % deltas.length]), 0)
  const reads = await eventually(
    (node) => operate(node, { type: "read" }, "read_ok"),
    (reply) => reply?.value === sum
  )
  const values = reads.map((reply) => reply?.value ?? null)
  const finalReads = `(${values.map((value) => value ?? "nil").join(" ")})`
  return [
    values.every((value) => value === sum),
    `:errors nil, :final-reads ${finalReads}, :acceptable ([${sum} ${sum}])`
  ]
}

const workloads = {
  echo: async () => {
    const replies = await each((node) => operate(node, { type: "echo", echo: `Please echo ${node}` }, "echo_ok"))
    const isRight = replies.every((reply, i) => reply?.echo === `Please echo n${i}`) && misbehaviour !== "invalid"
    const received = '"But received" {:type "echo_ok", :echo "Please echo!", :in_reply_to 2}'
    return [isRight, `:errors (${isRight ? "" : `["Expected a message with :echo" "Please echo n0" ${received}]`})`]
  },
  "unique-ids": async () => {
    const asked = await each((node) =>
      Promise.all([1, 2, 3].map(() => operate(node, { type: "generate" }, "generate_ok")))
    )
    const ids = asked.flat().map((reply) => JSON.stringify(reply?.id))
    const duplicates = ids.length - new Set(ids).size
    const range = ids.toSorted().filter((_, i, all) => i === 0 || i === all.length - 1)
    return [duplicates === 0, `:duplicated-count ${duplicates}, :duplicated {}, :range [${range.join(" ")}]`]
  },
  broadcast: async () => {
    const ids = [...nodes.keys()]
    // In a line, which is enough to go by.
    const topology = Object.fromEntries(ids.map((id, i) => [id, ids.filter((_, j) => Math.abs(i - j) === 1)]))
    await each((node) => rpc(node, { type: "topology", topology }))
    const acknowledged = Date.now()
    await each((node, i) => operate(node, { type: "broadcast", message: i }, "broadcast_ok"))
    const reads = await eventually(
      (node) => operate(node, { type: "read" }, "read_ok"),
      (reply) => ids.every((_, i) => reply?.messages.includes(i))
    )
    const lost = ids.flatMap((_, i) => (reads.every((reply) => reply?.messages.includes(i)) ? [] : [i]))
    const waited = Date.now() - acknowledged
    const [median, maximum] = process.env.FAKE_MAELSTROM_LATENCIES?.split(",") ?? [waited, waited]
    const latencies = `{0 0, 0.5 ${median}, 0.95 ${maximum}, 0.99 ${maximum}, 1 ${maximum}}`
    const lists = `:lost (${lost.join(" ")}), :stale (), :worst-stale (), :never-read (), :duplicated {}`
    const counts = `:attempt-count ${ids.length}, :stable-count ${ids.length - lost.length}, :lost-count ${lost.length}`
    const none = ":stale-count 0, :never-read-count 0, :duplicated-count 0"
    return [lost.length === 0, `${lists}, ${counts}, ${none}, :stable-latencies ${latencies}`]
  },
  "g-counter": () => counter([1, 2, 3]),
  "pn-counter": () => counter([1, -2, 3]),
  kafka: async () => {
    const sent = await each((node, i) => operate(node, { type: "send", key: "k", msg: i }, "send_ok"))
    const isStored = (messages) =>
      sent.every((reply, i) => messages?.some(([offset, value]) => offset === reply?.offset && value === i))
    const polls = await eventually(
      (node) => operate(node, { type: "poll", offsets: { k: 0 } }, "poll_ok"),
      (reply) => isStored(reply?.msgs.k)
    )
    const offsets = { k: Math.max(...sent.map((reply) => reply?.offset ?? 0)) }
    await operate("n0", { type: "commit_offsets", offsets }, "commit_offsets_ok")
    const listed = await operate("n0", { type: "list_committed_offsets", keys: ["k"] }, "list_committed_offsets_ok")
    const isRight = polls.every((reply) => isStored(reply?.msgs.k)) && listed?.offsets.k === offsets.k
    return [
      isRight,
      `:worst-realtime-lag {:time 0.38, :process 0, :key "k", :lag 0.0}, :bad-error-types (), :error-types ()`
    ]
  },
  "txn-rw-register": async () => {
    const replies = await each((node, i) =>
      operate(
        node,
        {
          type: "txn",
          txn: [
            ["w", i, 7],
            ["r", i, null]
          ]
        },
        "txn_ok"
      )
    )
    const isRight = replies.every((reply, i) => JSON.stringify(reply?.txn) === `[["w",${i},7],["r",${i},7]]`)
    return [isRight, ":anomaly-types (), :anomalies nil"]
  }
}

// The results.

const statistics = (of) => {
  const [ok, fail, info] = ["ok", "fail", "info"].map(
    (type) => of.filter((operation) => operation.type === type).length
  )
  const counts = `:count ${of.length}, :ok-count ${ok}, :fail-count ${fail}, :info-count ${info}`
  return { isValid: ok > 0, ok, text: `:valid? ${ok > 0}, ${counts}` }
}

const messages = (n) => `:send-count ${n}, :recv-count ${n}, :msg-count ${n}`

/** Pretty enough, with what makes results hard to read: records, symbols, floats, nil, strings with anything in them. */
const resultsOf = ({ availability, isRight, workload }) => {
  const all = statistics(operations)
  const byF = [...new Set(operations.map(({ f }) => f))].map((name) => {
    const of = operations.filter(({ f }) => f === name)
    return `:${name} {${statistics(of).text}}`
  })
  const fraction = all.ok / operations.length
  const isAvailable = availability === undefined || fraction >= (availability === "total" ? 1 : Number(availability))
  const perOp = process.env.FAKE_MAELSTROM_MSGS_PER_OP ?? (traffic.servers / operations.length).toFixed(7)
  const verdict = misbehaviour === "unknown" ? ":unknown" : isRight && all.isValid && isAvailable
  const text = `{:perf {:latency-graph {:valid? true},
        :rate-graph {:valid? true},
        :valid? true},
 :timeline {:valid? true},
 :exceptions {:valid? true,
              :exceptions ({:count 1,
                            :class clojure.lang.ExceptionInfo,
                            :example #jepsen.history.Op{:index 153,
                                                        :time 1702632270,
                                                        :type :info,
                                                        :process 0,
                                                        :f :read,
                                                        :value nil,
                                                        :exception {:via [{:type clojure.lang.ExceptionInfo,
                                                                           :message "Expected\\n{:type (eq \\"read_ok\\")} ; or #{} \\\\ ##Inf",
                                                                           :at [maelstrom.workload.echo$fn__32752$echo_BANG___32753
                                                                                invoke
                                                                                "echo.clj"
                                                                                15]}]}}})},
 :stats {${all.text},
         :by-f {${byF.join(",\n                ")}}},
 :availability {:valid? ${isAvailable}, :ok-fraction ${Number.isInteger(fraction) ? fraction.toFixed(1) : fraction}},
 :net {:all {${messages(traffic.clients + traffic.servers)},
             :msgs-per-op ${((traffic.clients + traffic.servers) / operations.length).toFixed(7)}},
       :clients {${messages(traffic.clients)}},
       :servers {${messages(traffic.servers)},
                 :msgs-per-op ${perOp}},
       :valid? true},
 :workload {${workload}},
 :valid? ${verdict}}
`
  return { verdict, text }
}

const link = (target, file) => {
  fs.rmSync(file, { force: true })
  fs.symlinkSync(path.relative(path.dirname(file), target), file)
}

const endings = {
  true: [0, "Everything looks good! ヽ(‘ー`)ノ"],
  false: [1, "Analysis invalid! (ﾉಥ益ಥ）ﾉ ┻━┻"],
  ":unknown": [2, "Errors occurred during analysis, but no anomalies found. ಠ~ಠ"]
}

const options = parse(process.argv.slice(2))
const workload = options["--workload"]
const started = new Date().toISOString().replaceAll(/[-:Z]/g, "")
const folder = path.resolve("store", workload, `${started}+0000`)
fs.mkdirSync(path.join(folder, "node-logs"), { recursive: true })
link(folder, path.resolve("store", "current"))
logFile = path.join(folder, "jepsen.log")
runnerLog("jepsen.core", `Command line:\nlein run ${process.argv.slice(2).join(" ")}`)

const nodeCount = Math.min(Number(options["--node-count"] ?? 5), Number(process.env.FAKE_MAELSTROM_NODES ?? Infinity))
const ids = Array.from({ length: nodeCount }, (_, i) => `n${i}`)
for (const id of ids) {
  startNode(id, options["--bin"], options.args, path.join(folder, "node-logs"))
}
for (const reply of await each((id) => rpc(id, { type: "init", node_id: id, node_ids: ids }))) {
  if (reply?.type === "init_ok") {
    continue
  }
  broken(`Expected an init_ok message, but node responded with ${JSON.stringify(reply ?? null)}`)
}
runnerLog("jepsen.core", "Relative time begins now")
if (misbehaviour === "hang") {
  await sleep(2 ** 30)
}
const [isRight, measured] = await workloads[workload]()
runnerLog("jepsen.core", "Run complete, writing")
for (const [id, { child }] of nodes) {
  runnerLog("maelstrom.db", `Tearing down ${id}`)
  if (child.exitCode !== null) {
    broken(`Node ${id} crashed with exit status ${child.exitCode}. Before crashing, it wrote`)
  }
  child.kill("SIGKILL")
}
link(folder, path.resolve("store", "latest"))
link(folder, path.resolve("store", workload, "latest"))
runnerLog("jepsen.core", "Analyzing...")
if (misbehaviour === "crash") {
  broken("Out of cheese")
}

const checkerCrash = `:valid? :unknown, :error {:via [{:type java.lang.ClassCastException, :at [clojure.lang.Util compare "Util.java" 153]}],
                    :cause "class java.lang.Double cannot be cast to class java.lang.String"}`
const judged = isRight && misbehaviour !== "invalid"
const results = resultsOf({
  availability: options["--availability"],
  isRight: judged,
  workload: misbehaviour === "unknown" ? checkerCrash : `:valid? ${judged}, ${measured}`
})
const written = misbehaviour === "garbage" ? results.text.slice(0, 700) : results.text
fs.writeFileSync(path.join(folder, "results.edn"), written)
runnerLog("jepsen.core", "Analysis complete")
const [code, words] = endings[results.verdict]
runnerLog("jepsen.core", `${results.text}\n\n${words}`)
process.exitCode = code
