// The worker thread of src/content where there is no bundle: tsx does not reach into threads by itself.
import { register } from 'tsx/esm/api';

register();
await import('../src/content/worker.ts');
