package catalogue

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Incoming is one record that comes in from outside: a row of a file, a harvested record.
type Incoming struct {
	Kind     string
	SourceID string         // its id in its source; may be empty
	Key      string         // what stands for the source id when there is none, see Unnamed
	Region   string         // six digits; empty: the owner's
	Values   map[string]any // by field name, as kinds keeps them; a field left out says nothing
	Prices   []PriceLine    // replace all prices when there is one
	Free     *bool          // nil says nothing, as in the two below
	Voucher  *bool
	Booking  *bool
	Access   []string
	Deleted  bool // its source has deleted it: it is withdrawn
	Whole    bool // it says everything: fields, prices and ways of use it leaves out are emptied
	Revive   bool // a withdrawn resource is published again: its source has it again

	Country     *string // two letters; nil says nothing, as in the two below; what is empty empties
	Languages   []string
	Identifiers []Identifier
}

// Intake is what the records of a batch have in common.
type Intake struct {
	Org         string // whose resources
	Source      string // the register they come from; "" = the owner's own list
	Licence     string // of that register
	RetrievedOn string // civil day
	Cause       string // the import or harvest, by which the history and the undoing find its changes
	Verb        string // in the history; "" = import
	Trusted     bool   // the program itself takes in: nobody is asked for permission
	Checked     bool   // the values were made by kinds.Field.Parse: they are not checked again
}

// What TakeIn did with a record.
const (
	Added     = "added"
	Updated   = "updated"
	Unchanged = "unchanged"
	Removed   = "removed" // withdrawn, because its source has deleted it
	Refused   = "refused" // see Outcome.Problems
)

// Outcome is what became of one record; outcomes stand in the order of the batch.
type Outcome struct {
	Resource string // its id; empty where there is none
	Revision int64  // after it
	Did      string // Added, Updated, Unchanged, Removed, Refused
	Problems []Refusal
}

// Refusal is one reason why a record was not taken in.
type Refusal struct {
	Field string // name of the field; empty: the whole record
	Code  string // withdrawn, other-kind, changed, kind-unknown, not-a-region, required, or a code of kinds.Field.Parse
	Text  string // Chinese sentence with {0} places
	Args  []any
}

// TakeIn takes records into the catalogue, each by its origin: a new one is published, a known one brought up to date, one
// that differs in nothing left alone. A withdrawn resource is revived only where that is asked for; one that its source has deleted is withdrawn.
// Each changed record has its revision and event; the batch has one audit entry. A batch of some hundred is cheapest.
func (s *Service) TakeIn(ctx context.Context, sub identity.Subject, tx *db.Tx, in Intake, batch []Incoming) ([]Outcome, error) {
	return s.arrive(ctx, sub, tx, tx, in, batch)
}

// Foresee tells what TakeIn would do, and does nothing.
func (s *Service) Foresee(ctx context.Context, sub identity.Subject, q db.Q, in Intake, batch []Incoming) ([]Outcome, error) {
	return s.arrive(ctx, sub, q, nil, in, batch)
}

// Unnamed is the Key of a record without a source id: the same name, model, serial number and place are the same thing; the
// n-th such record of a file (from 0) is the n-th such thing.
func Unnamed(kind, name, model, serial, place, n string) string {
	return unnamed(kind, name, model, serial, place, n)
}

func (s *Service) arrive(ctx context.Context, sub identity.Subject, q db.Q, tx *db.Tx, in Intake, batch []Incoming) ([]Outcome, error) {
	org, err := s.owner(ctx, q, in.Org)
	if err != nil {
		return nil, err
	}
	if !in.Trusted {
		if err := s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": org.ID}, Region: org.Region}); err != nil {
			return nil, err
		}
	}
	if in.Verb == "" {
		in.Verb = "import"
	}
	b := &arrival{service: s, sub: sub, org: org, in: in, now: db.At(s.Clock.Now()), batch: batch, out: make([]Outcome, len(batch))}
	if err := errors.Join(b.look(ctx, q, batch), b.bar(ctx, q)); err != nil {
		return nil, err
	}
	for i := range batch {
		b.weigh(i, &batch[i])
	}
	if tx == nil {
		return b.out, nil
	}
	return b.out, b.write(ctx, tx)
}

// arrival is one batch on its way in.
type arrival struct {
	service *Service
	sub     identity.Subject
	org     identity.Organisation
	in      Intake
	now     db.Time
	have    map[string]*Resource // by origin: what is in already, then what this batch makes of it
	undone  map[string]bool      // by id: withdrawn because its import was undone, so that it may come again
	changes []*change
	by      map[string]*change // by id: a record that comes twice in one batch is changed once
	batch   []Incoming
	out     []Outcome
	barred  map[int]bool // places in the batch of people who want no record
}

// change is one resource of the batch that becomes different.
type change struct {
	before, after Resource
	kind          kinds.Kind
	rows          []int // places in the batch
}

func (b *arrival) origin(x *Incoming) string {
	key := x.SourceID
	if key == "" {
		key = x.Key
	}
	return OriginOf(b.service.Node, b.org.ID, b.in.Source, key)
}

// look reads what is in already, in one go.
func (b *arrival) look(ctx context.Context, q db.Q, batch []Incoming) error {
	b.have, b.by, b.undone = make(map[string]*Resource, len(batch)), make(map[string]*change, len(batch)), map[string]bool{}
	origins := make([]string, len(batch))
	for i := range batch {
		origins[i] = b.origin(&batch[i])
	}
	if err := b.read(ctx, q, origins); err != nil {
		return err
	}
	var gone []string
	for _, r := range b.have {
		if r.Status == StatusWithdrawn {
			gone = append(gone, r.ID)
		}
	}
	verbs, err := lastVerbs(ctx, q, gone)
	for id, verb := range verbs {
		b.undone[id] = verb == VerbUndoImport
	}
	return err
}

// read notes what stands under some origins.
func (b *arrival) read(ctx context.Context, q db.Q, origins []string) error {
	for part := range slices.Chunk(origins, chunk) {
		var w db.Where
		w.In("origin", part)
		l, err := listResources(ctx, q, &w, "")
		if err != nil {
			return err
		}
		for i := range l {
			b.have[l[i].Origin] = &l[i]
		}
	}
	return nil
}

// weigh decides what becomes of one record.
func (b *arrival) weigh(i int, x *Incoming) {
	k, ok := b.service.kinds.Find(x.Kind)
	if !ok {
		b.refuse(i, "kind", "kind-unknown", "没有“{0}”这类资源。", x.Kind)
		return
	}
	origin := b.origin(x)
	before, exists := b.have[origin]
	switch {
	case x.Deleted:
		b.remove(i, before, k)
		return
	case b.barred[i]:
		b.refuse(i, "", "person-refuses", refusedText)
		return
	case x.Region != "" && !identity.ValidRegion(x.Region):
		b.refuse(i, "region", "not-a-region", "“{0}”不是 6 位行政区划代码。", x.Region)
		return
	case exists && before.Status == StatusWithdrawn && !x.Revive && !b.undone[before.ID]:
		b.refuse(i, "", "withdrawn", "这项资源已撤下，没有导入。如要恢复，请先在“资源管理”中恢复它。")
		return
	case exists && before.Kind != x.Kind:
		b.refuse(i, "", "other-kind", "编号“{0}”已用于另一类资源。", x.SourceID)
		return
	}
	after := b.blank(x, origin)
	if exists {
		after = before.clone()
		if x.Whole {
			after.empty(k)
		}
		if after.Status == StatusWithdrawn { // it is revived, or else it would have been refused
			after.Status, after.Note = StatusPublished, ""
		}
	}
	if !b.in.Checked && !b.check(i, x, k) || !b.checkPlace(i, x) {
		return
	}
	x.overlay(&after, k)
	x.overlayPlace(&after, b.org.Region, &fault.Error{})
	if after.NameZH == "" && after.NameEN == "" {
		b.refuse(i, "name_zh", "required", "缺少名称，请填写中文名称或英文名称。")
		return
	}
	if exists && b.in.Source != "" {
		after.Licence, after.RetrievedOn = b.in.Licence, b.in.RetrievedOn
	}
	if exists && len(diff(*before, after, k)) == 0 {
		b.out[i] = Outcome{Resource: after.ID, Revision: before.Revision, Did: Unchanged}
		return
	}
	did := Added
	if exists {
		did = Updated
	}
	b.change(i, did, before, after, k)
}

// blank is a resource that nothing has been said of yet.
func (b *arrival) blank(x *Incoming, origin string) Resource {
	r := Resource{
		ID: id.From("resource", origin), Kind: x.Kind, Owner: b.org.ID, Region: b.org.Region, Status: StatusPublished, Origin: origin, Source: b.in.Source,
		Licence: b.in.Licence, RetrievedOn: b.in.RetrievedOn, Booking: true, Sample: b.org.Sample, Fields: make(map[string]any, len(x.Values)), CreatedAt: b.now,
	}
	return r
}

// empty takes away what a record that says everything would say; contact data, which never travels, stays.
func (r *Resource) empty(k kinds.Kind) {
	for _, f := range k.Fields {
		if !f.Hidden {
			r.assign(f, nil)
		}
	}
	r.Access, r.Prices = nil, nil
}

// check makes the values of an unchecked record what kinds keeps, or refuses it.
func (b *arrival) check(i int, x *Incoming, k kinds.Kind) bool {
	checked := make(map[string]any, len(x.Values))
	for name, v := range x.Values {
		f, ok := k.Field(name)
		if !ok {
			b.refuse(i, name, "unknown-field", "这类资源没有“{0}”这一项。", name)
			continue
		}
		got, p := f.Accept(v)
		switch {
		case p != nil:
			b.refuse(i, name, p.Code, p.Text, p.Args...)
		case got != nil:
			checked[name] = got
		}
	}
	bad := fault.New(fault.Invalid, "resource-invalid", "有些内容需要修改，请按提示更正后再提交。")
	for j, p := range x.Prices {
		p.normal("", j).check(bad, "prices")
	}
	for _, f := range bad.Fields {
		b.refuse(i, f.Name, f.Code, f.Text, f.Args...)
	}
	x.Values = checked
	return b.out[i].Did != Refused
}

func (b *arrival) remove(i int, before *Resource, k kinds.Kind) {
	if before == nil || before.Status == StatusWithdrawn {
		b.out[i] = Outcome{Did: Unchanged}
		if before != nil {
			b.out[i].Resource, b.out[i].Revision = before.ID, before.Revision
		}
		return
	}
	after := before.clone()
	after.Status, after.Note = StatusWithdrawn, "来源登记处已删除这条记录。" //i18n:data kept with the record
	b.change(i, Removed, before, after, k)
}

// change notes that a resource becomes different; a second record of the same batch changes the first one's outcome.
func (b *arrival) change(i int, did string, before *Resource, after Resource, k kinds.Kind) {
	after.UpdatedAt = b.now
	c := b.by[after.ID]
	if c == nil {
		c = &change{kind: k}
		if before != nil {
			c.before = *before
		}
		b.by[after.ID] = c
		b.changes = append(b.changes, c)
	}
	after.Revision = c.before.Revision + 1
	c.after = after
	c.rows = append(c.rows, i)
	b.have[after.Origin] = &c.after
	b.out[i] = Outcome{Resource: after.ID, Revision: after.Revision, Did: did}
}

func (b *arrival) refuse(i int, field, code, text string, args ...any) {
	b.out[i].Did = Refused
	b.out[i].Problems = append(b.out[i].Problems, Refusal{Field: field, Code: code, Text: text, Args: args})
}

// overlay puts what a record says over a resource. What it does not mention stays as it is; prices replace all of the
// resource's when it has any.
func (x *Incoming) overlay(r *Resource, k kinds.Kind) {
	if x.SourceID != "" {
		r.SourceID = x.SourceID
	}
	if x.Region != "" {
		r.Region = x.Region
	}
	for name, v := range x.Values {
		if f, ok := k.Field(name); ok {
			r.assign(f, v)
		}
	}
	for to, from := range map[*bool]*bool{&r.Free: x.Free, &r.Voucher: x.Voucher, &r.Booking: x.Booking} {
		if from != nil {
			*to = *from
		}
	}
	if len(x.Access) > 0 {
		r.Access = x.Access
	}
	if len(x.Prices) == 0 {
		return
	}
	r.Prices = nil
	for _, p := range x.Prices {
		p = p.normal(r.ID, len(r.Prices))
		if !slices.ContainsFunc(r.Prices, func(o PriceLine) bool { return o.ID == p.ID }) {
			r.Prices = append(r.Prices, p)
		}
	}
}

// write stores the changes of the batch with their history, events and one audit entry.
func (b *arrival) write(ctx context.Context, tx *db.Tx) error {
	if err := b.insert(ctx, tx); err != nil {
		return err
	}
	if err := b.update(ctx, tx); err != nil {
		return err
	}
	revisions, events, digest := make([]Revision, 0, len(b.changes)), make([]ResourceChanged, 0, len(b.changes)), make([]any, 0, 2*len(b.changes))
	for _, c := range b.changes {
		if c.after.ID == "" { // a rival was faster
			continue
		}
		r := &c.after
		text, err := changesText(diff(c.before, *r, c.kind))
		if err != nil {
			return err
		}
		revisions = append(revisions, Revision{Resource: r.ID, Revision: r.Revision, At: b.now, Person: b.sub.Person, Org: b.sub.Org, Verb: b.in.Verb, Cause: b.in.Cause, Changes: text})
		events = append(events, ResourceChanged{ID: r.ID, Kind: r.Kind, Owner: r.Owner, Region: r.Region, Revision: r.Revision, Status: r.Status})
		digest = append(digest, r.ID, r.Revision)
	}
	if len(revisions) == 0 {
		return nil
	}
	if err := insertRevision(ctx, tx, revisions...); err != nil {
		return err
	}
	if err := outbox.PublishAll(ctx, tx, b.now.Time, events); err != nil {
		return err
	}
	return audit.Record(ctx, tx, b.now.Time, audit.Entry{Action: "resource." + b.in.Verb, Kind: "import", ID: b.in.Cause, Data: digest})
}

// insert writes the new resources. On PostgreSQL a rival may have put one in since we looked: those are weighed again.
func (b *arrival) insert(ctx context.Context, tx *db.Tx) error {
	var rows [][]any
	fresh := map[string]*change{}
	for _, c := range b.changes {
		if c.before.ID != "" {
			continue
		}
		args, err := resourceArgs(c.after)
		if err != nil {
			return err
		}
		rows = append(rows, args)
		fresh[c.after.ID] = c
	}
	written, err := tx.InsertReturning(ctx, `INSERT INTO catalogue_resource (`+resourceColumns+`)`, rows, `ON CONFLICT DO NOTHING RETURNING id`)
	if err != nil {
		return fmt.Errorf("insert %d resources: %w", len(rows), err)
	}
	priced := make([]Resource, len(written))
	for i, x := range written {
		priced[i] = fresh[x].after
		delete(fresh, x)
	}
	if err := b.again(ctx, tx, fresh); err != nil {
		return err
	}
	if err := insertPrices(ctx, tx, priced...); err != nil {
		return err
	}
	return insertIdentifiers(ctx, tx, priced...)
}

// again weighs the records of new resources that a rival has put in meanwhile against what is there now.
func (b *arrival) again(ctx context.Context, tx *db.Tx, beaten map[string]*change) error {
	var rows []int
	var origins []string
	for x, c := range beaten {
		rows, origins = append(rows, c.rows...), append(origins, c.after.Origin)
		delete(b.by, x)
		delete(b.have, c.after.Origin)
		c.after.ID = ""
	}
	if err := b.read(ctx, tx, origins); err != nil {
		return err
	}
	known := len(b.changes)
	slices.Sort(rows)
	for _, i := range rows {
		b.out[i] = Outcome{}
		b.weigh(i, &b.batch[i])
	}
	for _, c := range b.changes[known:] {
		if c.before.ID == "" { // its id is taken by another origin
			b.lost(c)
		}
	}
	return nil
}

func (b *arrival) update(ctx context.Context, tx *db.Tx) error {
	for _, c := range b.changes {
		if c.before.ID == "" {
			continue
		}
		ok, err := updateResource(ctx, tx, c.after)
		if err != nil {
			return err
		}
		if !ok {
			b.lost(c)
			continue
		}
		if priceText(c.before.Prices) != priceText(c.after.Prices) {
			if err := replacePrices(ctx, tx, c.after); err != nil {
				return err
			}
		}
		if !slices.Equal(c.before.Identifiers, c.after.Identifiers) {
			if err := replaceIdentifiers(ctx, tx, c.after); err != nil {
				return err
			}
		}
	}
	return nil
}

// lost gives up a change that a rival has overtaken.
func (b *arrival) lost(c *change) {
	c.after.ID = ""
	for _, i := range c.rows {
		b.out[i] = Outcome{}
		b.refuse(i, "", "changed", "这项资源刚刚被别人修改过，请再次导入这一行。")
	}
}
