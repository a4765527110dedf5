/** Repulsion between many points in the plane by a quadtree (Barnes and Hut 1986). */

/** Points that are sorted into the tree until a cell has this few. */
const leafPoints = 8;

const levels = 16;

/**
 * A tree over points; `build` anew after each move. Cells are stored depth first with the number of the next cell that is not below, so that
 * a walk needs no stack, and points along the curve that the cells make, so that neighbours in the plane are neighbours in memory.
 */
export interface Quadtree {
  build(points: Float64Array): void;
  /**
   * Adds Σⱼ q²(pᵢ − pⱼ) to `forces` for q = 1 / (1 + |pᵢ − pⱼ|²) and returns Σᵢⱼ q; a cell whose width is below `theta` times its distance
   * counts as one point.
   */
  repel(forces: Float64Array, theta: number): number;
}

/** Returns a tree for up to `capacity` points. */
export function quadtree(capacity: number): Quadtree {
  const codes = new Uint32Array(capacity);
  const order = new Uint32Array(capacity);
  const codesOther = new Uint32Array(capacity);
  const orderOther = new Uint32Array(capacity);
  const xs = new Float64Array(capacity);
  const ys = new Float64Array(capacity);
  let cells = 0;
  const most = 4 * capacity + 64;
  let sumX = new Float64Array(most);
  let sumY = new Float64Array(most);
  let widths = new Float64Array(most);
  let starts = new Int32Array(most);
  let ends = new Int32Array(most);
  let next = new Int32Array(most);
  let leaf = new Uint8Array(most);
  let count = 0;

  const grow = (): void => {
    const f = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(2 * old.length);
      larger.set(old);
      return larger;
    };
    const g = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(2 * old.length);
      larger.set(old);
      return larger;
    };
    [sumX, sumY, widths] = [f(sumX), f(sumY), f(widths)];
    [starts, ends, next] = [g(starts), g(ends), g(next)];
    const larger = new Uint8Array(2 * leaf.length);
    larger.set(leaf);
    leaf = larger;
  };

  /** Adds the cell of points start..end whose codes agree above `level` pairs of bits, and those below it. */
  const add = (start: number, end: number, level: number, width: number): void => {
    if (cells === starts.length) grow();
    const cell = cells++;
    starts[cell] = start;
    ends[cell] = end;
    widths[cell] = width * width;
    const isLeaf = end - start <= leafPoints || level === 0;
    leaf[cell] = Number(isLeaf);
    let x = 0;
    let y = 0;
    if (isLeaf) {
      for (let i = start; i < end; i++) {
        x += xs[i];
        y += ys[i];
      }
      x /= end - start;
      y /= end - start;
    } else {
      const shift = 2 * (level - 1);
      let from = start;
      while (from < end) {
        const quarter = codes[from] >>> shift;
        let to = from + 1;
        while (to < end && codes[to] >>> shift === quarter) to++;
        const child = cells;
        add(from, to, level - 1, width / 2);
        x += (to - from) * sumX[child];
        y += (to - from) * sumY[child];
        from = to;
      }
      x /= end - start;
      y /= end - start;
    }
    sumX[cell] = x;
    sumY[cell] = y;
    next[cell] = cells;
  };

  return {
    build(points) {
      count = points.length / 2;
      let [left, right, top, bottom] = [points[0], points[0], points[1], points[1]];
      for (let i = 0; i < count; i++) {
        const x = points[2 * i];
        const y = points[2 * i + 1];
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
      const width = Math.max(right - left, bottom - top, 1e-300);
      const scale = (2 ** levels - 1) / width;
      for (let i = 0; i < count; i++) {
        codes[i] = spread((points[2 * i] - left) * scale) | (spread((points[2 * i + 1] - top) * scale) << 1);
        order[i] = i;
      }
      sortByCode({ codes, order, codesOther, orderOther }, count);
      for (let i = 0; i < count; i++) {
        xs[i] = points[2 * order[i]];
        ys[i] = points[2 * order[i] + 1];
      }
      cells = 0;
      add(0, count, levels, width);
    },
    repel(forces, theta) {
      const squared = theta * theta;
      let total = 0;
      for (let i = 0; i < count; i++) {
        const x = xs[i];
        const y = ys[i];
        let fx = 0;
        let fy = 0;
        let sum = 0;
        let cell = 0;
        while (cell < cells) {
          const dx = x - sumX[cell];
          const dy = y - sumY[cell];
          const d = dx * dx + dy * dy;
          if (widths[cell] < squared * d) {
            const q = 1 / (1 + d);
            const weight = (ends[cell] - starts[cell]) * q;
            sum += weight;
            fx += weight * q * dx;
            fy += weight * q * dy;
            cell = next[cell];
          } else if (leaf[cell]) {
            for (let j = starts[cell]; j < ends[cell]; j++) {
              const ex = x - xs[j];
              const ey = y - ys[j];
              const q = 1 / (1 + ex * ex + ey * ey);
              sum += q;
              fx += q * q * ex;
              fy += q * q * ey;
            }
            cell = next[cell];
          } else cell++;
        }
        const at = 2 * order[i];
        forces[at] += fx;
        forces[at + 1] += fy;
        total += sum - 1; // less the point itself
      }
      return total;
    },
  };
}

/** Returns the low 16 bits of a number with a gap after each. */
function spread(value: number): number {
  let x = value & 0xffff;
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

interface Sorting {
  readonly codes: Uint32Array;
  readonly order: Uint32Array;
  readonly codesOther: Uint32Array;
  readonly orderOther: Uint32Array;
}

/** Sorts codes and their order along (least significant byte first, four passes). */
function sortByCode({ codes, order, codesOther, orderOther }: Sorting, count: number): void {
  let [from, to, orderFrom, orderTo] = [codes, codesOther, order, orderOther];
  const places = new Uint32Array(256);
  for (let shift = 0; shift < 32; shift += 8) {
    places.fill(0);
    for (let i = 0; i < count; i++) places[(from[i] >>> shift) & 255]++;
    let sum = 0;
    for (let b = 0; b < 256; b++) {
      const own = places[b];
      places[b] = sum;
      sum += own;
    }
    for (let i = 0; i < count; i++) {
      const place = places[(from[i] >>> shift) & 255]++;
      to[place] = from[i];
      orderTo[place] = orderFrom[i];
    }
    [from, to, orderFrom, orderTo] = [to, from, orderTo, orderFrom];
  }
}
