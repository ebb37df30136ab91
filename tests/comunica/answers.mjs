// Puts questions to Comunica: `node answers.mjs GRAPH.nt` reads a JSON line {name, query} each from standard input and
// writes for each {name, results} (SPARQL results in JSON), {name, triples} (N-Triples) or {name, error}.
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

const installed = process.env.JAK_KG_COMUNICA; // a folder that has node_modules, where it is not this one
const require = createRequire(installed ? join(installed, "package.json") : import.meta.url);
const { QueryEngine } = require("@comunica/query-sparql-file");

const engine = new QueryEngine();
const sources = [{ type: "file", value: process.argv[2] }]; // read once: the engine keeps it

async function answer(query) {
  const found = await engine.query(query, { sources });
  const triples = found.resultType === "quads";
  const type = triples ? "application/n-triples" : "application/sparql-results+json";
  const written = await text((await engine.resultToString(found, type)).data);
  if (triples) return { triples: written };
  const { head, results } = JSON.parse(written); // without the member metadata, which Comunica adds
  return { results: { head, results } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, query } = JSON.parse(line);
  const found = await answer(query).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify({ name, ...found }));
}
