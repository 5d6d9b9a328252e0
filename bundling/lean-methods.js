/**
 * What some methods of Socket.IO's client come down to in this widget: text only, no retries, no acknowledgements that the server asks for,
 * one namespace, one address, one handful of options (see widget/session/wire.ts). Each stands for one method as it was when it
 * was written, known by a digest of its source: where an update has changed one, the build fails until somebody has looked at both.
 */

const PARSER = {
  encode: ['3e2863b1', 'encode(packet) { return [this.encodeAsString(packet)]; }'],
  encodeAsString: [
    '7339c810',
    `encodeAsString({ type, nsp, id, data }) {
      return type + (nsp === '/' ? '' : nsp + ',') + (id ?? '') + (data == null ? '' : JSON.stringify(data));
    }`,
  ],
  add: ['106a3ba8', `add(text) { super.emitReserved('decoded', this.decodeString(text)); }`],
  decodeString: [
    '3e87fc05',
    `decodeString(text) {
      const [head, type, , nsp = '/', id] = /^([0-4])((\\/[^,]*),?)?(\\d+)?/.exec(text) ?? [];
      if (!head) throw new Error('unknown packet');
      const packet = { type: Number(type), nsp };
      if (id) packet.id = Number(id);
      if (text.length > head.length) {
        packet.data = this.tryParse(text.slice(head.length));
        if (!Decoder.isPayloadValid(packet.type, packet.data)) throw new Error('invalid payload');
      }
      return packet;
    }`,
  ],
  destroy: ['bf619647', 'destroy() {}'],
};

const SOCKET = {
  _registerAckCallback: ['8096a42a', '_registerAckCallback(id, ack) { this.acks[id] = ack; }'],
  _drainQueue: ['d08d2dc7', '_drainQueue() {}'],
  notifyOutgoingListeners: ['2e5c4b45', 'notifyOutgoingListeners() {}'],
  emitEvent: ['158fd265', 'emitEvent(args) { super.emit(...args); }'],
  onevent: [
    'a131de58',
    `onevent({ data = [] }) {
      if (this.connected) this.emitEvent(data);
      else this.receiveBuffer.push(data);
    }`,
  ],
  onopen: ['a19fc9df', 'onopen() { this.packet({ type: PacketType.CONNECT, data: this.auth }); }'],
  onconnect: [
    '124e7497',
    `onconnect(id) {
      this.id = id;
      this.connected = true;
      this.emitBuffered();
      this.emitReserved('connect');
    }`,
  ],
};

const MANAGER = {
  constructor: [
    '37ebc003',
    `constructor(uri, opts) {
      super();
      this.nsps = {};
      this.subs = [];
      this.uri = uri;
      this.opts = opts;
      this._timeout = false;
      this._readyState = 'closed';
      installTimerFunctions(this, opts);
      this.encoder = new parser.Encoder();
      this.decoder = new parser.Decoder();
    }`,
  ],
  maybeReconnectOnOpen: ['fba492c9', 'maybeReconnectOnOpen() {}'],
  onclose: [
    '93388d71',
    `onclose(reason, description) {
      this.cleanup();
      this.engine?.close();
      this._readyState = 'closed';
      this.emitReserved('close', reason, description);
    }`,
  ],
  socket: ['4502012d', 'socket(nsp, opts) { return (this.nsps[nsp] = new Socket(this, nsp, opts)); }'],
};

const ENGINE = {
  constructor: [
    '53e5b2eb',
    `constructor(uri, opts) {
      super();
      const { protocol, host, port } = parse(uri);
      this.binaryType = defaultBinaryType;
      this.writeBuffer = [];
      this._prevBufferLen = 0;
      this._upgrades = [];
      this._pingTimeoutTime = Infinity;
      installTimerFunctions(this, opts);
      this.secure = protocol === 'https';
      this.hostname = host;
      this.port = port || (this.secure ? '443' : '80');
      this._transportsByName = {};
      this.transports = opts.transports.map(wanted => {
        const transport = DEFAULT_TRANSPORTS[wanted] ?? wanted;
        const { name } = transport.prototype;
        this._transportsByName[name] = transport;
        return name;
      });
      const path = opts.path.replace(/\\/$/, '') + '/';
      this.opts = { upgrade: true, timestampParam: 't', transportOptions: {}, ...opts, path };
      if (host !== 'localhost') {
        this._offlineEventListener = () => this._onClose('transport close', { description: 'network connection lost' });
        OFFLINE_EVENT_LISTENERS.push(this._offlineEventListener);
      }
      this._open();
    }`,
  ],
  _open: [
    '790ae5cb',
    `_open() {
      this.readyState = 'opening';
      const transport = this.createTransport(this.transports[0]);
      transport.open();
      this.setTransport(transport);
    }`,
  ],
  _onPacket: [
    'de0c552b',
    `_onPacket({ type, data }) {
      if (!this.readyState || this.readyState === 'closed') return;
      if (type === 'open') this.onHandshake(JSON.parse(data));
      else if (type === 'message') this.emitReserved('data', data);
      else if (type === 'ping') {
        this._sendPacket('pong');
        this._resetPingTimeout();
      } else if (type === 'error') this._onError(new Error('server error'));
    }`,
  ],
  _sendPacket: [
    '48b9178c',
    `_sendPacket(type, data) {
      if (this.readyState === 'closing' || this.readyState === 'closed') return;
      this.writeBuffer.push({ type, data });
      this.flush();
    }`,
  ],
  _onError: [
    '572fedb5',
    `_onError(error) {
      this.emitReserved('error', error);
      this._onClose('transport error', error);
    }`,
  ],
};

const WEBSOCKET = {
  doOpen: [
    'a5515bb7',
    `doOpen() {
      try {
        this.ws = new WebSocketCtor(this.uri());
      } catch (error) {
        return this.emitReserved('error', error);
      }
      this.ws.binaryType = this.socket.binaryType;
      this.addEventListeners();
    }`,
  ],
  uri: ['7fbbe922', `uri() { return this.createUri(this.opts.secure ? 'wss' : 'ws', this.query); }`],
};

/** By file and method: the digest of what is replaced, and what stands for it. */
export const METHODS = {
  'socket.io-parser/build/esm/index.js': PARSER,
  'socket.io-client/build/esm/socket.js': SOCKET,
  'socket.io-client/build/esm/manager.js': MANAGER,
  'engine.io-client/build/esm/socket.js': ENGINE,
  'engine.io-client/build/esm/transports/websocket.js': WEBSOCKET,
};
