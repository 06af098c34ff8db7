// Rebuilds what changed and starts the server again, until Ctrl-C. Start it through `make watch`.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";

const WATCHED = ["app", "crates", "frontend", "server", "style", "public", "migrations"]; // and Cargo.toml
const EDITORS_OWN = /^[.#]|~$|\.sw.$/;
// Editors write a file in several steps, and formatters write many files: wait until all is quiet.
const QUIET_MS = 200;
const [keyroll, site] = process.argv.slice(2);

let server;
let building = false;
let waiting = false;
let timer;

const say = (text) => console.error(`watch: ${text}`);

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit" });
    child.on("error", (error) => { say(error.message); resolve(1); });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function stopServer() {
  const stopping = server;
  server = undefined;
  if (!stopping || stopping.exitCode !== null || stopping.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    stopping.on("exit", resolve);
    stopping.kill("SIGTERM");
    // Open event streams may hold it up.
    setTimeout(() => stopping.kill("SIGKILL"), 3000).unref();
  });
}

async function startServer() {
  await stopServer();
  const started = spawn(keyroll, ["serve", "--data", "data", "--site", site], { stdio: "inherit" });
  started.on("error", (error) => say(error.message));
  started.on("exit", (code) => { if (server === started) say(`the server ended with ${code}; waiting for a change`); });
  server = started;
}

async function rebuild() {
  if (building) { waiting = true; return; }
  building = true;
  do {
    waiting = false;
    const start = Date.now();
    const code = await run("scripts/build", ["--dev"]);
    if (waiting) continue; // something changed meanwhile: only the newest counts
    if (code === 0) {
      say(`built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
      await startServer();
    } else {
      say("the build failed; the server, if any, is still the one before");
    }
  } while (waiting);
  building = false;
}

// A watcher for each folder: Node's recursive one loses a file that an editor replaces by renaming.
const folders = new Map();

function watchFolder(folder) {
  if (folders.has(folder)) return;
  const watcher = watch(folder, (_event, name) => changed(folder, name));
  watcher.on("error", () => forget(folder)); // the folder is gone
  folders.set(folder, watcher);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) watchFolder(join(folder, entry.name));
  }
}

function forget(folder) {
  folders.get(folder)?.close();
  folders.delete(folder);
}

function changed(folder, name) {
  if (!name || EDITORS_OWN.test(name) || (folder === "." && name !== "Cargo.toml")) return;
  const path = join(folder, name);
  if (folder !== ".") {
    if (!existsSync(path)) forget(path);
    else if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) watchFolder(path);
  }
  clearTimeout(timer);
  timer = setTimeout(rebuild, QUIET_MS);
}

for (const folder of WATCHED.filter((folder) => existsSync(folder))) watchFolder(folder);
folders.set(".", watch(".", (_event, name) => changed(".", name)));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, async () => { await stopServer(); process.exit(0); });
}
await rebuild();
say(`waiting for changes in ${WATCHED.join(", ")}`);
