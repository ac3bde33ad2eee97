// Runs Python (Pyodide) beside the page, so that the page stays quick while reports are read.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const ready = (async () => {
  const report = (text) => postMessage({ progress: text });
  report("python");
  const manifest = await (await fetch("./manifest.json")).json();
  const base = new URL("./", self.location.href).href;
  const pyodide = await loadPyodide({ indexURL: base + "pyodide/" });
  report("packages");
  await pyodide.loadPackage(manifest.wheels.map((name) => base + "wheels/" + name), {
    checkIntegrity: false,
    messageCallback: () => {},
  });
  report("index");
  const { FS } = pyodide;
  FS.mkdirTree("/index");
  FS.mount(FS.filesystems.IDBFS, {}, "/index");
  await sync(FS, true);
  pyodide.runPython(await (await fetch("./engine.py")).text());
  return { FS, call: pyodide.globals.get("call") };
})();

function sync(FS, load) {
  return new Promise((done, failed) => FS.syncfs(load, (error) => (error ? failed(error) : done())));
}

const WRITES = new Set(["start", "put", "samples", "remove"]);
let last = Promise.resolve(); // one call at a time

onmessage = ({ data: { id, name, args, content, language } }) => {
  last = last.then(async () => {
    try {
      const python = await ready;
      const answer = JSON.parse(
        python.call(name, JSON.stringify(args), content, language),
      );
      if (WRITES.has(name)) await sync(python.FS, false);
      postMessage({ id, ...answer });
    } catch (error) {
      postMessage({ id, error: String(error.message ?? error) });
    }
  });
};
