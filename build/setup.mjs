// Installs what this machine lacks for one purpose, and says so; does and says nothing where nothing is missing.
// Plain Node without dependencies: it runs before npm ci.
//
//   node build/setup.mjs [npm | build | demo | test | ci | windows-seams | windows]
//
//   npm    npm packages
//   build  npm packages, and the .NET assembly of the module where there is a .NET SDK
//   demo   and the module's bundle and a PowerShell  (the default)
//   test   and the servers of the end-to-end tests, where they can be installed
//   ci     the same, but each of them is required, and windows-seams and windows
//   windows-seams   npm packages, and the .NET that the tests of src/windows/dotnet.ts call (30 s of compiling)
//   windows  npm packages, the bundle, and wine with the Windows programs that test/wine runs on
import { ensureBundle } from './setup/bundle.mjs';
import { ensureDotNetBridge, ensureModuleBridge } from './setup/dotnet-bridge.mjs';
import { ensureEngineHost } from './setup/engine-host.mjs';
import { ensureNpmPackages } from './setup/npm.mjs';
import { ensureServers } from './setup/servers.mjs';
import { SetupError } from './setup/tools.mjs';
import { ensureWindows, refreshWindows } from './setup/windows.mjs';

const purposes = {
  npm: () => ensureNpmPackages(),
  build: () => {
    ensureNpmPackages();
    ensureModuleBridge();
  },
  demo: () => {
    ensureNpmPackages();
    ensureBundle();
    ensureEngineHost({ alsoBesidePwsh: false });
  },
  test: () => {
    ensureNpmPackages();
    ensureBundle();
    ensureEngineHost({ alsoBesidePwsh: true });
    ensureServers({ required: false });
    refreshWindows();
  },
  ci: () => {
    ensureNpmPackages();
    ensureBundle();
    ensureEngineHost({ alsoBesidePwsh: true });
    ensureServers({ required: true });
    ensureDotNetBridge();
    ensureWindows({ required: true });
  },
  'windows-seams': () => {
    ensureNpmPackages();
    ensureDotNetBridge();
  },
  windows: () => {
    const required = Boolean(process.env.IISFAILOVER_REQUIRE_SERVERS);
    ensureNpmPackages();
    ensureBundle();
    ensureServers({ required });
    ensureWindows({ required });
  },
};

const purpose = process.argv[2] ?? 'demo';
try {
  if (!Object.hasOwn(purposes, purpose)) {
    throw new SetupError(`Unknown purpose "${purpose}": one of ${Object.keys(purposes).join(', ')}.`);
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Node 20 or later is needed; this is ${process.version}.`);
  purposes[purpose]();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}
