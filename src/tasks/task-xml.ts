import { jobs, type TaskDefinition, taskScript } from './jobs.ts';

/** The folder of our tasks in the Task Scheduler. */
export const taskPath = '\\IisFailover\\';

/**
 * A task in the schema of the Task Scheduler, version 1.2 (Windows Server 2008 and later).
 * https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
 *
 * - A run that was missed, because the server was off, is made up for (StartWhenAvailable).
 * - `source` is kept with the task, so that a later run can tell whether it is the same.
 * - A run that is due while one is under way is left out (IgnoreNew).
 */
export function taskXml(task: TaskDefinition, source: string): string {
  const { description, limitMinutes } = jobs[task.job];
  const { at, everyMinutes } = task.schedule;
  const repetition =
    everyMinutes === 1440
      ? []
      : [
          '      <Repetition>',
          `        <Interval>${duration(everyMinutes)}</Interval>`,
          '        <Duration>P1D</Duration>',
          '        <StopAtDurationEnd>false</StopAtDurationEnd>',
          '      </Repetition>',
        ];
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Source>${source}</Source>`,
    '    <Author>IisFailover</Author>',
    `    <Description>${escaped(description)}</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <CalendarTrigger>',
    '      <Enabled>true</Enabled>',
    `      <StartBoundary>2000-01-01T${at}:00</StartBoundary>`,
    ...repetition,
    '      <ScheduleByDay>',
    '        <DaysInterval>1</DaysInterval>',
    '      </ScheduleByDay>',
    '    </CalendarTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    ...principal(task.userName),
    '      <RunLevel>HighestAvailable</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    `    <ExecutionTimeLimit>${duration(limitMinutes)}</ExecutionTimeLimit>`,
    '    <Priority>7</Priority>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    '      <Command>%SystemRoot%\\System32\\WindowsPowerShell\\v1.0\\powershell.exe</Command>',
    `      <Arguments>${escaped(powershellArguments(task))}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}

function principal(userName: string | undefined): string[] {
  if (userName === undefined) return ['      <UserId>S-1-5-18</UserId>'];
  // The password of a managed account is Windows' own; its logon type is that of any account with one.
  return [`      <UserId>${escaped(userName)}</UserId>`, '      <LogonType>Password</LogonType>'];
}

/** As one argument: within double quotes neither spaces nor semicolons mean anything to Windows. */
function powershellArguments(task: TaskDefinition): string {
  const script = taskScript(task);
  if (script.includes('"')) throw new Error('a path on Windows has no double quotes');
  return `-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -Command "${script}"`;
}

/** ISO 8601, as the schema's duration type. */
function duration(minutes: number): string {
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;' })[char] ?? '&gt;');
}
