package pricing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
)

// InForce is the version by which a resource of an owner is priced on a civil day: its own, or the owner's default; the
// zero Version when there is neither and the catalogue's price lines count.
func (s *Service) InForce(ctx context.Context, q db.Q, owner, resource, day string) (Version, error) {
	return inForce(ctx, q, owner, resource, day)
}

// GroupOf is whose price a buyer pays at a provider on a day.
func (s *Service) GroupOf(ctx context.Context, q db.Q, owner, buyer, day string) (string, error) {
	if owner == buyer {
		return Internal, nil
	}
	g, err := groupOn(ctx, q, owner, buyer, day)
	if err != nil || g != "" {
		return g, err
	}
	return External, nil
}

// Keep notes by what an order was priced, in the order's own transaction.
func (s *Service) Keep(ctx context.Context, tx *db.Tx, k Kept) error { return insertKept(ctx, tx, k) }

// Kept is by what an order was priced; false when it was the catalogue's price lines or a quote.
func (s *Service) Kept(ctx context.Context, q db.Q, order string) (Kept, bool, error) {
	row, err := db.One[keptRow](ctx, q, keptSQL+` WHERE k.order_id = $1`, order)
	if errors.Is(err, db.ErrNone) {
		return Kept{}, false, nil
	}
	if err != nil {
		return Kept{}, false, fmt.Errorf("by what order %s was priced: %w", order, err)
	}
	k, err := row.kept()
	return k, err == nil, err
}

func (r keptRow) kept() (Kept, error) {
	k := Kept{Order: r.Order, Sheet: r.Sheet, Version: r.Version, Total: money.Fen(r.Total)}
	if err := json.Unmarshal([]byte(r.Facts), &k.Facts); err != nil {
		return k, fmt.Errorf("read the facts of order %s: %w", r.Order, err)
	}
	var err error
	k.Plan, err = read(r.Body)
	return k, err
}

// Begin gives the plan of one of the owner's resources (empty: of all of them), a new one where there is none. A new
// plan's draft is what the catalogue's price lines say.
func (s *Service) Begin(ctx context.Context, by identity.Subject, resource string) (Sheet, error) {
	now := db.At(s.clock.Now())
	x := Sheet{ID: id.From("price-plan", by.Org, resource), Owner: by.Org, Resource: resource, Sample: s.sample, Revision: 1, CreatedAt: now, UpdatedAt: now}
	if err := s.policy.Can(by, "price.manage", x.object()); err != nil {
		return x, err
	}
	if old, err := getSheet(ctx, s.db, x.ID); err == nil {
		return old, nil
	}
	first := Plan{}
	if resource != "" {
		thing, err := s.resources.Resource(ctx, s.db, resource)
		if err != nil {
			return x, err
		}
		if thing.Owner != by.Org {
			return x, fault.New(fault.Forbidden, "price-foreign", "只能为本单位的资源定价。")
		}
		x.NameZH, x.NameEN, first = thing.NameZH, thing.NameEN, thing.Plan
	}
	var err error
	if x.Draft, err = write(first); err != nil {
		return x, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		created, err := insertSheet(ctx, tx, x)
		if err != nil || !created {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "price.manage", Kind: "price-plan", ID: x.ID, Data: x})
	})
	return x, err
}

// SaveDraft replaces the version being written; it may still have mistakes.
func (s *Service) SaveDraft(ctx context.Context, by identity.Subject, sheet string, change func(Plan) (Plan, error)) (Plan, error) {
	x, err := s.mine(ctx, by, sheet)
	if err != nil {
		return Plan{}, err
	}
	var p Plan
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if x, err = lockSheet(ctx, tx, x.ID); err != nil {
			return err
		}
		if p, err = s.draft(ctx, tx, x); err != nil {
			return err
		}
		if p, err = change(p); err != nil {
			return err
		}
		if x.Draft, err = write(p); err != nil {
			return err
		}
		if len(x.Draft) > maxBody {
			return fault.New(fault.TooLarge, "price-plan-size", "价格方案太大。")
		}
		x.UpdatedAt = db.At(s.clock.Now())
		if err := updateDraft(ctx, tx, x); err != nil {
			return err
		}
		return audit.Record(ctx, tx, x.UpdatedAt.Time, audit.Entry{Action: "price.manage", Kind: "price-plan", ID: x.ID, Data: p})
	})
	return p, err
}

// draft is the version being written: the one begun, or what the newest version says.
func (s *Service) draft(ctx context.Context, q db.Q, x Sheet) (Plan, error) {
	if x.Draft != "" {
		return read(x.Draft)
	}
	versions, err := listVersions(ctx, q, x.ID)
	if err != nil || len(versions) == 0 {
		return Plan{}, err
	}
	return versions[0].Plan()
}

// Release is the publishing of a draft.
type Release struct {
	From string // first civil day, today at the earliest; empty: today
	To   string // last civil day; empty: open
	Note string // what has changed and why
}

// Publish makes a version of the draft. It is never edited again: orders are priced and billed by it.
func (s *Service) Publish(ctx context.Context, by identity.Subject, sheet string, r Release) (Version, error) {
	x, err := s.mine(ctx, by, sheet)
	if err != nil {
		return Version{}, err
	}
	if r.From == "" {
		r.From = s.today()
	}
	if err := s.checkRelease(r); err != nil {
		return Version{}, err
	}
	var v Version
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if x, err = lockSheet(ctx, tx, x.ID); err != nil {
			return err
		}
		v, err = s.publish(ctx, tx, by, x, r)
		return err
	})
	return v, err
}

func (s *Service) checkRelease(r Release) error {
	bad := fault.New(fault.Invalid, "price-release", "还不能发布，请按提示修改。")
	if _, err := clock.Midnight(r.From); err != nil {
		bad.Field("from", "date", "日期格式不对，请写成 2026-11-21。")
	} else if r.From < s.today() {
		bad.Field("from", "past", "生效日期最早是今天，已发生的订单不能改价。")
	}
	if r.To != "" {
		if _, err := clock.Midnight(r.To); err != nil {
			bad.Field("to", "date", "日期格式不对，请写成 2026-11-21。")
		} else if r.To < r.From {
			bad.Field("to", "order", "结束日期不能早于生效日期。")
		}
	}
	if utf8.RuneCountInString(r.Note) > 500 {
		bad.Field("note", "long", "最多 {0} 个字。", 500)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// publish is Publish inside its transaction.
func (s *Service) publish(ctx context.Context, tx *db.Tx, by identity.Subject, x Sheet, r Release) (Version, error) {
	p, err := s.draft(ctx, tx, x)
	if err != nil {
		return Version{}, err
	}
	if err := p.Check(); err != nil {
		return Version{}, err
	}
	versions, err := listVersions(ctx, tx, x.ID)
	if err != nil {
		return Version{}, err
	}
	now := db.At(s.clock.Now())
	v := Version{Sheet: x.ID, Version: 1, From: r.From, To: r.To, Note: strings.TrimSpace(r.Note), Person: by.Person, At: now}
	if v.Body, err = write(p); err != nil {
		return v, err
	}
	if len(versions) > 0 {
		last := versions[0]
		before, err := last.Plan()
		if err != nil {
			return v, err
		}
		if reflect.DeepEqual(before, p) && last.From == v.From && last.To == v.To {
			return v, fault.New(fault.Conflict, "price-same", "与第 {0} 版完全相同，没有可发布的内容。", last.Version)
		}
		v.Version = last.Version + 1
	}
	if err := insertVersion(ctx, tx, v); err != nil {
		return v, err
	}
	x.Draft, x.UpdatedAt = "", now
	if err := updateDraft(ctx, tx, x); err != nil {
		return v, err
	}
	if err := outbox.Publish(ctx, tx, now.Time, Published{Sheet: x.ID, Owner: x.Owner, Resource: x.Resource, Version: v.Version, From: v.From, To: v.To}); err != nil {
		return v, err
	}
	return v, audit.Record(ctx, tx, now.Time, audit.Entry{Action: "price.publish", Kind: "price-plan", ID: x.ID, Data: v})
}

// Published follows when a price plan has a new version.
type Published struct {
	Sheet    string `json:"plan"`
	Owner    string `json:"owner"`
	Resource string `json:"resource,omitempty"`
	Version  int64  `json:"version"`
	From     string `json:"from"`
	To       string `json:"to,omitempty"`
}

// EventName is price.published.
func (Published) EventName() string { return "price.published" }

// mine is a plan of the subject's own organisation.
func (s *Service) mine(ctx context.Context, by identity.Subject, sheet string) (Sheet, error) {
	x, err := getSheet(ctx, s.db, sheet)
	if err != nil {
		return x, err
	}
	return x, s.policy.Can(by, "price.manage", x.object())
}

// Assign puts a buyer into a group from a day on; the group is internal, member, or a name of the provider's own.
func (s *Service) Assign(ctx context.Context, by identity.Subject, b Belongs) error {
	b.Owner, b.Person, b.At = by.Org, by.Person, db.At(s.clock.Now())
	if b.From == "" {
		b.From = s.today()
	}
	if err := s.policy.Can(by, "price.manage", identity.Object{Parties: map[string]string{identity.SideOwner: b.Owner}}); err != nil {
		return err
	}
	bad := fault.New(fault.Invalid, "price-group", "还差一点：请按提示补充。")
	if !goodGroup(b.Group) {
		bad.Field("group", "group", "用户类别“{0}”不对：用小写字母、数字和连字符。", b.Group)
	}
	for name, day := range map[string]string{"from": b.From, "to": b.To} {
		if _, err := clock.Midnight(day); day != "" && err != nil {
			bad.Field(name, "date", "日期格式不对，请写成 2026-11-21。")
		}
	}
	if b.To != "" && b.To < b.From {
		bad.Field("to", "order", "结束日期不能早于生效日期。")
	}
	orgs, err := s.orgs.Organisations(ctx, s.db, []string{b.Org})
	if err != nil {
		return err
	}
	if _, known := orgs[b.Org]; !known || b.Org == b.Owner {
		bad.Field("org", "unknown", "没有找到这个单位，请填平台上的单位全称或统一社会信用代码。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putBelongs(ctx, tx, b); err != nil {
			return err
		}
		return audit.Record(ctx, tx, b.At.Time, audit.Entry{Action: "price.manage", Kind: "price-group", ID: b.Owner, To: b.Group, Data: b})
	})
}
