// The part of the font that the pages use: scripts/font.mjs FROM TO
// The characters for which style/tokens.css names it, in the weights that tokens.css knows.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , from, to] = process.argv;
const subsetFont = createRequire(new URL('../end2end/package.json', import.meta.url))('subset-font');

const [face] = /@font-face \{[^}]*"Inter";[^}]*\}/.exec(readFileSync(new URL('../style/tokens.css', import.meta.url), 'utf8'));
const [, min, max] = /font-weight: (\d+) (\d+)/.exec(face);
const ranges = [...face.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(([, first, last = first]) => [parseInt(first, 16), parseInt(last, 16)]);
const characters = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)));
const variationAxes = { wght: { min: Number(min), max: Number(max) } };
writeFileSync(to, await subsetFont(readFileSync(from), characters.join(''), { targetFormat: 'woff2', variationAxes }));
