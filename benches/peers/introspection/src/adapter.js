// Keeps everything in memory: what any store outside of the process would add is left out.

export class MemoryAdapter {
  static kept = new Map();

  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload) {
    MemoryAdapter.kept.set(this.key(id), payload);
  }

  async find(id) {
    return MemoryAdapter.kept.get(this.key(id));
  }

  async destroy(id) {
    MemoryAdapter.kept.delete(this.key(id));
  }
}
