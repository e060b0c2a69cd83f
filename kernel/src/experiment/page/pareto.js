// Points {x, y} of which none is at least as good in both and better in one. A sign < 0 says that less is
// better. Equal points are all on the front or none is. In the order of x, the best first; n log n.
function paretoFront(items, signX, signY) {
  const sorted = items.map((item) => ({ item, x: item.x * signX, y: item.y * signY }))
    .sort((a, b) => b.x - a.x || b.y - a.y);
  const front = [];
  let best = -Infinity;   // of y, among points with a better x or an equal one
  for (const candidate of sorted) {
    const last = front[front.length - 1];
    const isTwin = last && last.x === candidate.x && last.y === candidate.y;
    if (candidate.y > best || isTwin) {
      front.push(candidate);
      best = candidate.y;
    }
  }
  return front.map((candidate) => candidate.item);
}
