// node fingerprints.mjs FILE...: a line of JSON with the RDFC-1.0 SHA-256 of the graph in each file, by the parsers of
// JavaScript. A file of named graphs counts as the union of its named graphs. Nothing may be loaded from anywhere.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.JAK_KG_PARSERS ?? import.meta.dirname, 'package.json'));
const jsonld = require('jsonld');
const { Parser, Store, DataFactory } = require('n3');
const { canonize } = require('rdf-canonize');

const formats = { ttl: 'text/turtle', nt: 'application/n-triples', trig: 'application/trig' };

async function quads(file, suffix) {
  const text = readFileSync(file, 'utf8');
  if (suffix === 'jsonld') {
    const documentLoader = url => { throw new Error(`${url} would be loaded`); };
    return jsonld.toRDF(JSON.parse(text), { documentLoader });
  }
  const read = new Parser({ format: formats[suffix], blankNodePrefix: '' }).parse(text);
  const asserted = suffix === 'trig' ? read.filter(quad => quad.graph.termType !== 'DefaultGraph') : read;
  return [...new Store(asserted.map(({ subject, predicate, object }) => DataFactory.quad(subject, predicate, object)))];
}

for (const file of process.argv.slice(2)) {
  let found;
  try {
    // Blank nodes that look alike at first sight, as the lists of OWL do, take more than the work that is allowed by default.
    const options = { algorithm: 'RDFC-1.0', format: 'application/n-quads', maxWorkFactor: 2 };
    const canonical = await canonize(await quads(file, file.split('.').pop()), options);
    found = { file, fingerprint: createHash('sha256').update(canonical).digest('hex') };
  } catch (error) {
    found = { file, error: `${error}` };
  }
  console.log(JSON.stringify(found));
}
