import assert from 'node:assert/strict';
import { recordSets } from '../../src/dns/client.ts';
import { decodeMessage, encodeRecord, header, recordClass } from '../../src/dns/message.ts';

describe('record sets of an answer', () => {
  it('take any name and target that a zone may hold, and group what belongs together', () => {
    const set = (name: string, type: string, data: string): Buffer =>
      encodeRecord({ name, type, ttl: 60 }, recordClass.IN, data);
    const records = [
      set('K=1.example.net', 'CNAME', 'a=b.example.net'),
      set('www.example.net', 'A', '10.1.1.2'),
      set('www.example.net', 'A', '10.1.1.1'),
    ];
    const bytes = Buffer.concat([header(1, 0x8400, [0, records.length, 0, 0]), ...records]);
    assert.deepEqual(recordSets(decodeMessage(bytes).answer), [
      { name: 'k=1.example.net', type: 'CNAME', ttl: 60, data: ['a=b.example.net'] },
      { name: 'www.example.net', type: 'A', ttl: 60, data: ['10.1.1.1', '10.1.1.2'] },
    ]);
  });
});
