import { type TNumber, Type } from '@sinclair/typebox';
import { object } from './schema-parts.ts';

const limit = (description: string, maximum: number) =>
  Type.Optional<TNumber>(Type.Number({ minimum: 0, maximum, description }));

export const readinessSettings = object(
  {
    backupAgeHours: limit('Oldest backup of a site. Default 13.', 10_000),
    restoreAgeHours: limit('Longest time since a site was restored. Default 13.', 10_000),
    contentAgeHours: limit('Longest time since the content of a site was copied. Default 5.', 10_000),
    heartbeatMinutes: limit('Longest time since the monitor gave a sign of life. Default 30.', 100_000),
    clockSkewSeconds: limit('Most by which the clocks of two servers may differ. Default 60.', 100_000),
    ttlSeconds: limit('Longest TTL of a record that is switched. Default 300.', 1_000_000),
    freePercent: limit('Least free space of a volume. Default 10.', 100),
  },
  'What Test-FailoverReadiness takes for too old, too long or too little.',
);
