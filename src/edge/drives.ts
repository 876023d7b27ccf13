import { existsSync } from 'node:fs';

/**
 * Asks whether this server has a drive (`D:`); undefined where the configuration file is not one of this server's own
 * disks, so that its drives are not those that count.
 */
export function drivesFor(
  configurationFile: string,
  platform: NodeJS.Platform = process.platform,
): ((drive: string) => boolean) | undefined {
  if (platform !== 'win32' || !/^[A-Za-z]:/.test(configurationFile)) return undefined;
  return (drive) => existsSync(`${drive}\\`);
}
