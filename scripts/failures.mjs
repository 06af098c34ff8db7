// What failed, a few lines each: scripts/failures.mjs junit|playwright REPORT
import { readFileSync } from 'node:fs';

const [, , kind, file] = process.argv;
const text = readFileSync(file, 'utf8');

/** A message without colours, cut to what fits a screen. */
const brief = (message) => message.replaceAll(/\u001b\[[0-9;]*m/g, '').trim().split('\n').slice(0, 8).join('\n    ').slice(0, 900);

function* ofNextest() {
  for (const [, attributes, body] of text.matchAll(/<testcase ([^>]*[^/])>(.*?)<\/testcase>/gs)) {
    const failure = /<(?:failure|error)[^>]*>(.*?)<\/(?:failure|error)>/s.exec(body);
    if (failure) yield [/name="([^"]*)"/.exec(attributes)[1], failure[1]];
  }
}

function* ofPlaywright(suites) {
  for (const { title, specs = [], suites: inner = [] } of suites) {
    for (const spec of specs) {
      const errors = spec.tests.filter(({ status }) => status !== 'expected' && status !== 'skipped').flatMap(({ results }) => results.flatMap((result) => result.errors));
      for (const { message } of errors.slice(0, 3)) yield [`${title}: ${spec.title}`, message ?? ''];
    }
    yield* ofPlaywright(inner);
  }
}

for (const [name, message] of kind === 'junit' ? ofNextest() : ofPlaywright(JSON.parse(text).suites)) {
  console.log(`- ${name}\n    ${brief(message)}`);
}
