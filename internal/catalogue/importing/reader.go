package importing

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/sheet"
)

// item is one resource as the file has it: one row, or several that differ in their price option.
type item struct {
	catalogue.Incoming
	rows    []int64
	cells   [][]string // of the rows, in case it is refused
	nth     []int64    // of the rows: which of its like
	content uint64
}

// reject is a row with something wrong.
type reject struct {
	row    int64
	nth    int64
	cells  []string
	errors []RowError
}

// reader turns the rows of one file into items. It remembers of each row a few bytes only: enough to see that it comes again.
type reader struct {
	kinds   kinds.Set
	layout  layout
	columns map[string][]int // by target
	byKind  map[string]*rowKind
	pricing map[string]*column
	prices  []format.PriceColumn
	name    [2]kinds.Field // Chinese and English
	written []written      // columns whose cells are written in their own way

	seed   maphash.Seed
	likes  map[uint64]uint32 // identity and option of rows without a source id → how many so far
	passed map[uint64]passed // source key of items handed on → their row
	window map[string]*item  // source key → item not handed on yet
	queue  []*item           // those, in the order of their first rows
}

// passed is what is remembered of an item that was handed on.
type passed struct{ row, content uint32 }

// rowKind is a kind with the columns that carry its fields.
type rowKind struct {
	kind    kinds.Kind
	columns []column
	absent  []*kinds.Field // required, and no column carries them
}

// column reads the cells of one target; short texts that come again are read once.
type column struct {
	target string
	field  kinds.Field
	at     []int
	text   string // where every cell is empty
	memo   map[string]parsed
}

type parsed struct {
	value   any
	problem *kinds.Problem
}

// maxMemo bounds the texts a column remembers, maxMemoText their length in bytes.
const (
	maxMemo     = 4096
	maxMemoText = 64
)

func newReader(set kinds.Set, l layout) *reader {
	r := &reader{
		kinds: set, layout: l, columns: map[string][]int{}, byKind: map[string]*rowKind{}, pricing: map[string]*column{}, seed: maphash.MakeSeed(),
		likes: map[uint64]uint32{}, passed: map[uint64]passed{}, window: map[string]*item{},
	}
	for i, t := range l.targets {
		if t != "" && t != kinds.TargetNone {
			r.columns[t] = append(r.columns[t], i)
		}
	}
	for _, f := range kinds.Pricing() {
		r.pricing[f.Name] = r.column(f)
	}
	for _, c := range format.PriceColumns() {
		if len(r.columns[c.Target]) > 0 || l.constants[c.Target] != "" {
			r.prices = append(r.prices, c)
		}
	}
	r.written = writtenIn(set, l)
	r.name[0], _ = set[0].Field("name_zh")
	r.name[1], _ = set[0].Field("name_en")
	return r
}

func (r *reader) column(f kinds.Field) *column {
	return &column{target: f.Name, field: f, at: r.columns[f.Name], text: r.layout.constants[f.Name], memo: map[string]parsed{}}
}

// of prepares a kind the first time a row is of it.
func (r *reader) of(name string) *rowKind {
	if k := r.byKind[name]; k != nil {
		return k
	}
	kind, _ := r.kinds.Find(name)
	k := &rowKind{kind: kind}
	for i := range kind.Fields {
		f := &kind.Fields[i]
		c := r.column(*f)
		switch {
		case len(c.at) > 0 || c.text != "":
			k.columns = append(k.columns, *c)
		case f.Required:
			k.absent = append(k.absent, f)
		}
	}
	r.byKind[name] = k
	return k
}

// cell is the first text of a column's cells, else the constant.
func (c *column) cell(cells []string) string {
	for _, i := range c.at {
		if i < len(cells) && cells[i] != "" {
			return cells[i]
		}
	}
	return c.text
}

func (c *column) parse(text string) (any, *kinds.Problem) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxMemoText {
		return c.field.Parse(text)
	}
	if p, ok := c.memo[text]; ok {
		return p.value, p.problem
	}
	v, problem := c.field.Parse(text)
	if len(c.memo) < maxMemo {
		c.memo[strings.Clone(text)] = parsed{v, problem}
	}
	return v, problem
}

// rowReader reads one row.
type rowReader struct {
	*reader
	row    sheet.Row
	item   *item
	option string
	errors []RowError
}

// heading is the column that carries a target, as the file writes it.
func (r *reader) heading(target string) string {
	if at := r.columns[target]; len(at) > 0 {
		return r.layout.headings[at[0]]
	}
	return ""
}

func (r *rowReader) fail(target, code, text string, args ...any) {
	r.errors = append(r.errors, RowError{Row: int64(r.row.Number), Column: r.heading(target), Code: code, Text: text, Args: args})
}

func (r *rowReader) cell(target string) string {
	for _, i := range r.columns[target] {
		if i < len(r.row.Cells) && r.row.Cells[i] != "" {
			return r.row.Cells[i]
		}
	}
	return r.layout.constants[target]
}

// parse reads one row into an item, or into what is wrong with it.
func (r *reader) parse(row sheet.Row) *rowReader {
	x := &rowReader{reader: r, row: row, item: &item{rows: []int64{int64(row.Number)}, cells: [][]string{row.Cells}}}
	x.row.Cells = r.plainly(row.Cells)
	x.item.Values = make(map[string]any, len(r.columns))
	for _, i := range row.Long {
		x.errors = append(x.errors, RowError{Row: int64(row.Number), Column: r.layout.headings[i], Code: "too-long", Text: "有 {0} 个字，最多 {1} 个字。", Args: []any{">" + strconv.Itoa(maxCell), maxCell}})
	}
	if b := row.Broken; b != nil {
		x.item.Kind = r.layout.kind
		x.errors = append(x.errors, RowError{Row: int64(row.Number), Code: b.Code, Text: b.Text, Args: b.Args})
		return x
	}
	x.read()
	x.item.content = x.hash(row.Cells...)
	return x
}

// maxCell is how many characters of a cell are read, as many as Excel keeps.
const maxCell = 32_767

func (r *rowReader) read() {
	it := r.item
	name := r.layout.kind
	if text := r.cell(kinds.TargetKind); text != "" {
		k, ok := kindOf(r.kinds, text)
		switch {
		case ok:
			name = k.Name
		case r.layout.format == "uniquip":
			r.fail(kinds.TargetKind, "not-a-choice", "“{0}”不在可选范围内，请填 equipment 或 facility。", text)
		default:
			r.fail(kinds.TargetKind, "not-a-choice", "没有“{0}”这类资源。", text)
		}
	}
	it.Kind = name
	k := r.of(name)
	for i := range k.columns {
		c := &k.columns[i]
		text := c.cell(r.row.Cells)
		v, problem := c.parse(text)
		switch {
		case problem != nil:
			r.fail(c.target, problem.Code, problem.Text, problem.Args...)
		case v != nil:
			it.Values[c.target] = v
		case c.field.Required:
			r.fail(c.target, "required", "缺少“{0}”。", c.field.ZH)
		}
	}
	for _, f := range k.absent {
		r.fail(f.Name, "required", "缺少“{0}”。", f.ZH)
	}
	r.readName()
	it.SourceID = r.text("source_id")
	r.readTerms()
	r.readPrices()
	r.readWhole()
}

// readName fills the Chinese or the English name from a column that does not say which; a UNIQUIP row
// without a name is named by its description.
func (r *rowReader) readName() {
	it := r.item
	name := r.cell(kinds.TargetName)
	if name == "" && r.text("name_zh") == "" && r.text("name_en") == "" && r.layout.format == "uniquip" {
		name, _, _ = strings.Cut(r.text("summary"), "\n")
		if runes := []rune(name); len(runes) > 100 {
			name = string(runes[:99]) + "…"
		}
	}
	if name != "" {
		target, f := "name_en", r.reader.name[1]
		if strings.IndexFunc(name, func(c rune) bool { return unicode.Is(unicode.Han, c) }) >= 0 {
			target, f = "name_zh", r.reader.name[0]
		}
		v, problem := f.Parse(name)
		if problem != nil {
			r.fail(kinds.TargetName, problem.Code, problem.Text, problem.Args...)
			return
		}
		if it.Values[target] == nil {
			it.Values[target] = v
		}
	}
	if r.text("name_zh") == "" && r.text("name_en") == "" && len(r.errors) == 0 {
		column := "name_zh"
		if r.heading(column) == "" {
			column = kinds.TargetName
		}
		r.fail(column, "required", "缺少名称，请填写中文名称或英文名称。")
	}
}

// readTerms reads ways of use, free and voucher.
func (r *rowReader) readTerms() {
	if access, ok := r.term(kinds.TargetAccess).([]string); ok {
		r.item.Access = access
	}
	if free, ok := r.term(kinds.TargetFree).(bool); ok {
		r.item.Free = &free
	}
	if voucher, ok := r.term(kinds.TargetVoucher).(bool); ok {
		r.item.Voucher = &voucher
	}
}

func (r *rowReader) text(field string) string {
	s, _ := r.item.Values[field].(string)
	return s
}

func (r *rowReader) names() string { return r.text("name_zh") + "\x00" + r.text("name_en") }

func (r *rowReader) place() string { return r.text("street") + "\x00" + r.text("room") }

func (r *reader) hash(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, p := range parts {
		_, _ = h.WriteString(p) // never fails
		_ = h.WriteByte(1)
	}
	return h.Sum64()
}

// take reads one row; what it gives is wrong with the row, nil for a good one.
func (r *reader) take(row sheet.Row) *reject { return r.takeAs(row, -1) }

// takeAs reads a row again that was the known one of its like; -1: it comes for the first time.
func (r *reader) takeAs(row sheet.Row, known int64) *reject {
	x := r.parse(row)
	it := x.item
	nth := int64(0)
	if it.SourceID == "" {
		// Bad rows are counted too, so that a mended row keeps its place among its like.
		like := r.hash(it.Kind, x.names(), x.text("model"), x.text("serial"), x.place(), x.option)
		nth = int64(r.likes[like])
		r.likes[like]++
		if known >= 0 {
			nth = known
		}
		it.Key = keyOf(x, nth)
	}
	it.nth = []int64{nth}
	if len(x.errors) == 0 {
		x.join()
	}
	if len(x.errors) == 0 {
		return nil
	}
	return &reject{row: int64(row.Number), nth: nth, cells: row.Cells, errors: x.errors}
}

func keyOf(x *rowReader, nth int64) string {
	return catalogue.Unnamed(x.item.Kind, x.names(), x.text("model"), x.text("serial"), x.place(), strconv.FormatInt(nth, 10))
}

func (it *item) sourceKey() string {
	if it.SourceID != "" {
		return it.SourceID
	}
	return it.Key
}

// join adds an item, or adds its prices to the item of the same resource when they are for another option.
func (r *rowReader) join() {
	it, key := r.item, r.item.sourceKey()
	if first, ok := r.window[key]; ok {
		if r.option != "" && first.Kind == it.Kind && !slices.ContainsFunc(first.Prices, func(l catalogue.PriceLine) bool { return l.Option == r.option }) {
			first.rows, first.cells, first.nth = append(first.rows, it.rows...), append(first.cells, it.cells...), append(first.nth, it.nth...)
			first.Prices = append(first.Prices, it.Prices...)
			return
		}
		r.again(first.rows[0], first.content == it.content)
		return
	}
	if len(r.passed) > 0 {
		if p, ok := r.passed[r.hash(key)]; ok {
			if r.option != "" && p.content != uint32(it.content) { //nolint:gosec // half of a hash
				r.fail(kinds.TargetOption, "option-apart", "与第 {0} 行是同一资源的另一个价格选项，但相隔太远。请把同一资源的行放在一起。", int64(p.row))
				return
			}
			r.again(int64(p.row), p.content == uint32(it.content)) //nolint:gosec // half of a hash
			return
		}
	}
	r.window[key] = it
	r.queue = append(r.queue, it)
}

func (r *rowReader) again(row int64, same bool) {
	if same {
		r.errors = append(r.errors, RowError{Row: int64(r.row.Number), Code: "twice", Text: "与第 {0} 行完全相同，只导入了一次。", Args: []any{row}})
		return
	}
	r.fail("source_id", "id-twice", "编号“{0}”与第 {1} 行相同而内容不同。请改正编号，或删去其中一行。", r.item.SourceID, row)
}

// hand gives the oldest n items away.
func (r *reader) hand(n int) []*item {
	out := r.queue[:min(n, len(r.queue))]
	r.queue = r.queue[len(out):]
	if len(r.queue) == 0 {
		r.queue = nil
	}
	for _, it := range out {
		key := it.sourceKey()
		delete(r.window, key)
		if it.SourceID != "" || slices.ContainsFunc(it.Prices, func(p catalogue.PriceLine) bool { return p.Option != "" }) {
			r.passed[r.hash(key)] = passed{uint32(it.rows[0]), uint32(it.content)} //nolint:gosec // rows are far fewer; half of a hash
		}
	}
	return out
}
