import assert from 'node:assert/strict';

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/**
 * Reads Prometheus' text format 0.0.4 as strictly as promtool: each sample belongs to a metric with HELP and TYPE
 * before it, series are unique, counters end in _total, buckets grow up to +Inf, which equals the count.
 */
export function parsePrometheusText(text: string): Map<string, Sample[]> {
  assert.ok(text.endsWith('\n'), 'the last line is not ended');
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const samples = new Map<string, Sample[]>();
  const series = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      assert.ok(!helped.has(name!), `a second HELP of ${name}`);
      helped.add(name!);
      continue;
    }
    if (kind === 'TYPE') {
      assert.match(rest!, /^(counter|gauge|histogram)$/);
      assert.ok(!types.has(name!), `a second TYPE of ${name}`);
      types.set(name!, rest!);
      if (rest === 'counter') assert.match(name!, /_total$/);
      continue;
    }
    const [, metric, inner = '', number = ''] = sampleLine.exec(line) ?? assert.fail(`not a sample: ${line}`);
    const family = types.has(metric!) ? metric! : metric!.replace(/_(bucket|sum|count)$/, '');
    assert.ok(types.has(family) && helped.has(family), `${metric} has no HELP or TYPE`);
    const labels = readLabels(inner);
    const key = JSON.stringify([metric, Object.entries(labels).sort()]);
    assert.ok(!series.has(key), `twice: ${line}`);
    series.add(key);
    const value = /^nan$/i.test(number) ? NaN : number === '+Inf' ? Infinity : Number(number);
    assert.ok(/^nan$/i.test(number) || !Number.isNaN(value), `not a number: ${line}`);
    samples.set(metric!, [...(samples.get(metric!) ?? []), { labels, value }]);
  }
  for (const [name, type] of types) if (type === 'histogram') checkBuckets(name, samples);
  return samples;
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name, value] = label.exec(text) ?? assert.fail(`not labels: ${text}`);
    assert.ok(!(name! in labels), `label twice: ${text}`);
    labels[name!] = value!.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  return labels;
}

function checkBuckets(name: string, samples: ReadonlyMap<string, readonly Sample[]>): void {
  for (const { labels, value: count } of samples.get(`${name}_count`) ?? []) {
    const own = (samples.get(`${name}_bucket`) ?? []).filter((one) =>
      Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    );
    const values = own.map((one) => one.value);
    assert.deepEqual(
      values,
      [...values].sort((a, b) => a - b),
    );
    assert.deepEqual([own.at(-1)?.labels.le, values.at(-1)], ['+Inf', count]);
  }
}
