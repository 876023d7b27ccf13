import assert from 'node:assert/strict';
import { expandVariables, mapConfiguredPath, systemVariables } from '../../src/model/path-variables.ts';

describe('expandVariables', () => {
  const variables = systemVariables('linux');

  it('replaces variables without regard to case', () => {
    assert.equal(expandVariables('%SystemDrive%\\inetpub', variables), 'C:\\inetpub');
    assert.equal(expandVariables('%SYSTEMROOT%\\x\\%windir%', variables), 'C:\\Windows\\x\\C:\\Windows');
  });

  it('leaves a lone percent sign, and one in a name, as it is', () => {
    assert.equal(expandVariables('C:\\100%\\a%b', variables), 'C:\\100%\\a%b');
    assert.equal(expandVariables('/srv/%windir%', variables), '/srv/%windir%');
  });

  it('names the variable that has no value', () => {
    assert.throws(() => expandVariables('%CONTENT%\\site1', variables), {
      id: 'PathVariableUnknown',
      message: 'The path %CONTENT%\\site1 has a variable %CONTENT% without a value',
    });
  });

  it('takes the environment on Windows', () => {
    const windows = systemVariables('win32', { SystemDrive: 'E:', Absent: undefined });
    assert.equal(expandVariables('%systemdrive%\\inetpub', windows), 'E:\\inetpub');
    assert.throws(() => expandVariables('%Absent%', windows), { id: 'PathVariableUnknown' });
  });
});

describe('mapConfiguredPath', () => {
  const variables = systemVariables('linux');
  const map = new Map([['C:\\inetpub', 'D:\\sites']]);

  it('maps a path with a variable by its value, and by the variable first', () => {
    assert.equal(mapConfiguredPath('%SystemDrive%\\inetpub\\a', map, variables), 'D:\\sites\\a');
    const both = new Map([...map, ['%SystemDrive%\\inetpub', 'E:\\sites']]);
    assert.equal(mapConfiguredPath('%SystemDrive%\\inetpub\\a', both, variables), 'E:\\sites\\a');
  });

  it('has nothing for a path with an unknown variable that is not in the map', () => {
    assert.equal(mapConfiguredPath('%CONTENT%\\a', map, variables), undefined);
  });
});
