import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect garbage when the heap has grown by a fifth, and not only when it is four times what is in use; answers
 * how to end that. For work that goes on for months beside others on a server, and allocates evenly. V8 reads this
 * flag at the end of each collection (heap/memory-controller.cc, GrowingFactor), so that it can be set at any time.
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString('--heap-growing-percent=20');
  return () => setFlagsFromString('--heap-growing-percent=0');
}
