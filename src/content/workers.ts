import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { FailoverError } from '../model/failover-error.ts';
import { execute } from './execute.ts';
import { fromProblem, type Job, type Problem, type ResultOf } from './job.ts';

/** Set by the bundler. */
declare const __VERSION__: string | undefined;

/** Sites that are done in this time need no threads, which take some to start. */
const inlineBudgetMs = 40;
/** Threads without work end after this time: a session may sit idle for days. */
const idleMs = 2000;
/** A thread holds names and small buffers only. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that scan and copy. The first jobs are done here; threads start when there turns out to be much to do. */
export class ContentWorkers {
  readonly threads: number;
  readonly #waiting: Waiting[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #started = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #spentMs: number;

  /** @param threads 0: everything is done in this thread; default: as many as there are processors, 2 to 4. */
  constructor(threads = defaultThreads(), options: { readonly inlineMs?: number } = {}) {
    this.threads = threads;
    this.#spentMs = inlineBudgetMs - (options.inlineMs ?? inlineBudgetMs);
  }

  /** How many jobs can be worked on now. */
  get capacity(): number {
    return this.#started ? this.threads : 1;
  }

  /** @param isLong it may take more than some milliseconds, and must not hold up this thread */
  async run<J extends Job>(job: J, isLong = false): Promise<ResultOf<J>> {
    if (this.threads === 0 || (!this.#started && !isLong && this.#spentMs < inlineBudgetMs)) {
      await setImmediate();
      const started = performance.now();
      const result = execute(job);
      this.#spentMs += performance.now() - started;
      return result;
    }
    this.#start();
    return new Promise<ResultOf<J>>((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const all = [...this.#idle, ...this.#busy.keys()];
    this.#idle.length = 0;
    this.#started = false;
    await Promise.all(all.map((worker) => worker.terminate()));
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    for (let index = 0; index < this.threads; index++) {
      const worker = new Worker(workerFile(), { resourceLimits });
      worker.on('message', (reply: { result?: never; problem?: Problem }) => {
        const done = this.#busy.get(worker);
        this.#busy.delete(worker);
        this.#idle.push(worker);
        worker.unref();
        if (reply.problem !== undefined) done?.reject(fromProblem(reply.problem));
        else done?.resolve(reply.result as never);
        this.#assign();
      });
      worker.on('error', (error) => this.#lose(worker, error));
      worker.on('exit', () => this.#lose(worker, new Error('a worker thread has ended')));
      worker.unref();
      this.#idle.push(worker);
    }
  }

  #assign(): void {
    clearTimeout(this.#idleTimer);
    if (this.#busy.size + this.#waiting.length === 0)
      this.#idleTimer = setTimeout(() => void this.close(), idleMs).unref();
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const next = this.#waiting.shift()!;
      this.#busy.set(worker, next);
      worker.ref();
      worker.postMessage(next.job);
    }
  }

  #lose(worker: Worker, error: Error): void {
    const failure = new FailoverError('Internal', `Unexpected failure: ${error.message}`, { cause: error });
    this.#busy.get(worker)?.reject(failure);
    this.#busy.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    if (this.#idle.length + this.#busy.size === 0)
      for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }
}

export function defaultThreads(): number {
  return Math.min(4, Math.max(2, availableParallelism()));
}

/** Beside the bundle, or what runs the source file where there is none. */
function workerFile(): string {
  const bundled = typeof __VERSION__ !== 'undefined';
  return join(import.meta.dirname, bundled ? 'content-worker.cjs' : '../../build/content-worker.mjs');
}
