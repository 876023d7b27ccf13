import { type Channel, channelsOf, deliver, notification } from '../notify/index.ts';
import { failure } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import { PowerShellSession } from '../windows/powershell-session.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { wildcardPattern } from './support/wildcard.ts';

interface SendStep extends Step {
  readonly channel: Channel;
}

interface SendPlan extends Plan<SendStep> {
  readonly message: string;
  readonly timeoutMs: number;
}

export const testFailoverNotification = change({
  kind: 'change',
  verb: 'Test',
  noun: 'FailoverNotification',
  synopsis: 'Sends a test message by each channel of monitor.notify, and tells whether it arrived.',
  description: [
    'Webhooks, mails, scripts and the Windows event log get a notification of kind Test, as the monitor would send it: with ' +
      'the same templates, secrets and time limit, once. Run it with the account that runs the monitor.',
  ],
  parameters: {
    Channel: {
      type: 'string',
      position: 0,
      wildcards: true,
      help: 'Channels to test, by the names that it shows, such as "mail*".',
      defaultText: 'All channels.',
    },
    Message: {
      type: 'string',
      help: 'Text of the message.',
      defaultText: 'A sentence that says it is a test.',
    },
  },
  output: output(
    'IisFailover.NotificationTest',
    {
      Channel: { type: 'string', help: 'The channel; secrets are not part of its name.' },
      Delivered: { type: 'bool', help: 'True where it was accepted.' },
      Duration: { type: 'timespan', help: 'How long that took.' },
      ErrorId: { type: 'string', help: 'One word for scripts where it was not.' },
      Error: { type: 'string', help: 'Why it was not.' },
    },
    [
      { property: 'Channel', width: 40 },
      { property: 'Delivered', width: 9 },
      { property: 'Duration', width: 17 },
      { property: 'Error' },
    ],
  ),
  confirmImpact: 'Low',
  examples: [
    {
      title: 'Would I be told?',
      code: 'Test-FailoverNotification -SettingsPath .\\failover.json',
      explanation: 'One object for each channel.',
    },
    {
      title: 'What would be sent?',
      code: 'Test-FailoverNotification -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Names the channels and sends nothing.',
    },
  ],
  related: ['Invoke-FailoverMonitor', 'Test-FailoverSetting'],

  async plan(parameters, context): Promise<SendPlan> {
    const loaded = await context.settings();
    const { notify = {} } = loaded.settings.monitor ?? {};
    const session = new PowerShellSession();
    const pattern = wildcardPattern(parameters.Channel ?? '*');
    const channels = channelsOf(notify, loaded, session).filter(({ name }) => pattern.test(name));
    if (channels.length === 0)
      throw failure('NotifyNotConfigured', { settings: loaded.path }, { target: loaded.path });
    const message = parameters.Message ?? 'This is a test. If you read it, notifications arrive.';
    return {
      steps: channels.map((channel, index) => ({
        id: String(index),
        target: channel.name,
        action: `Send the message "${message}"`,
        channel,
      })),
      message,
      timeoutMs: (notify.timeoutSeconds ?? 15) * 1000,
      release: () => session.close(),
    };
  },

  async *apply(approved, { message, timeoutMs }, { clock, signal }) {
    const options = { clock, timeoutMs, attempts: 1, random: () => 0 };
    const test = notification('Test', clock.now(), message);
    const sent = approved.map(({ channel }) => deliver(channel, test, options, signal));
    for (const one of sent) {
      const { channel, durationMs, error } = await one;
      signal.throwIfAborted();
      yield {
        Channel: channel,
        Delivered: error === undefined,
        Duration: durationMs,
        ErrorId: error?.id ?? null,
        Error: error?.message ?? null,
      };
    }
  },
});
