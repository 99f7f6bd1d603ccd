package fund

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// maxAmount is ten billion yuan: above it a slip of the keyboard is certain.
const maxAmount money.Fen = 1_000_000_000_000

// keeps tells whether the subject keeps cards for its organisation.
func (s *Service) keeps(by identity.Subject) error {
	return s.policy.Can(by, "fund.manage", identity.Object{Parties: map[string]string{identity.SideOwner: by.Org}})
}

// colleague is a person of the organisation by id or name; a fault on the field when there is none.
func (s *Service) colleague(ctx context.Context, org, who, field string) (string, error) {
	people, err := s.orgs.People(ctx, s.db, org)
	if err != nil {
		return "", err
	}
	for _, p := range people {
		if p.ID == who || strings.EqualFold(p.Name, who) {
			return p.ID, nil
		}
	}
	return "", fault.New(fault.Invalid, "fund-person", "还差一点：请按提示补充。").Field(field, "unknown", "本单位没有这个人。")
}

// CreateGroup makes a research group with its head.
func (s *Service) CreateGroup(ctx context.Context, by identity.Subject, name, head string) (Group, error) {
	g := Group{ID: id.New(), Keeper: by.Org, NameZH: strings.TrimSpace(name), Sample: s.sample, CreatedAt: db.At(s.clock.Now())}
	if err := s.keeps(by); err != nil {
		return g, err
	}
	if n := utf8.RuneCountInString(g.NameZH); n == 0 || n > 100 {
		return g, fault.New(fault.Invalid, "fund-group", "还差一点：请按提示补充。").Field("name", "required", "请填写名称，最多 100 个字。")
	}
	var err error
	if g.Head, err = s.colleague(ctx, by.Org, head, "head"); err != nil {
		return g, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertGroup(ctx, tx, g); err != nil {
			return err
		}
		if err := putMember(ctx, tx, Membership{Group: g.ID, Person: g.Head, From: s.today()}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, g.CreatedAt.Time, audit.Entry{Action: "fund.manage", Kind: "fund-group", ID: g.ID, Data: g})
	})
	return g, err
}

// AddMember takes a person of the organisation into a group, or ends a membership with today; the head and the keeper may.
func (s *Service) AddMember(ctx context.Context, by identity.Subject, group, person string, leaves bool) error {
	g, err := s.seen(ctx, by, group)
	if err != nil {
		return err
	}
	if g.Head != by.Person {
		if s.policy.Can(by, "fund.manage", identity.Object{Parties: map[string]string{identity.SideOwner: g.Keeper}}) != nil {
			return fault.New(fault.NotFound, "no-group", "没有找到这个课题组。") // members may look, not change
		}
	}
	m := Membership{Group: g.ID, From: s.today()}
	if m.Person, err = s.colleague(ctx, g.Keeper, person, "person"); err != nil {
		return err
	}
	if leaves {
		if m.Person == g.Head {
			return fault.New(fault.Invalid, "fund-head", "负责人不能离开自己的课题组。").Field("person", "head", "负责人不能离开自己的课题组。")
		}
		if m.To, err = clock.AddDays(s.today(), -1); err != nil {
			return err
		}
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := putMember(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "fund.member", Kind: "fund-group", ID: g.ID, Data: m})
	})
}

// seen is a group that the subject may look at: its head, its members, its keeper.
func (s *Service) seen(ctx context.Context, by identity.Subject, group string) (Group, error) {
	g, err := getGroup(ctx, s.db, group)
	if err != nil {
		return g, err
	}
	if g.Head == by.Person || s.policy.Can(by, "fund.manage", identity.Object{Parties: map[string]string{identity.SideOwner: g.Keeper}}) == nil {
		return g, nil
	}
	n, err := db.One[int64](ctx, s.db, `SELECT count(*) FROM fund_member WHERE grp = $1 AND person = $2 AND (valid_to = '' OR valid_to >= $3)`, g.ID, by.Person, s.today())
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "no-group", "没有找到这个课题组。")
	}
	return g, err
}

// OpenCard opens a card of a group, or the prepaid account of a firm.
func (s *Service) OpenCard(ctx context.Context, by identity.Subject, c Card) (Card, error) {
	c.ID, c.Keeper, c.State, c.Sample, c.Revision, c.CreatedAt = id.New(), by.Org, StateOpen, s.sample, 1, db.At(s.clock.Now())
	if err := s.keeps(by); err != nil {
		return c, err
	}
	if c.From == "" {
		c.From = s.today()
	}
	if c.Kind == KindCard {
		c.Payer = c.Keeper
	}
	if err := s.checkCard(ctx, c); err != nil {
		return c, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertCard(ctx, tx, c); err != nil {
			return err
		}
		if err := openAccounts(ctx, tx, c.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, c.CreatedAt.Time, audit.Entry{Action: "fund.manage", Kind: "fund-card", ID: c.ID, To: c.State, Data: c})
	})
	return c, err
}

func (s *Service) checkCard(ctx context.Context, c Card) error {
	bad := fault.New(fault.Invalid, "fund-card", "还差一点：请按提示补充。")
	if n := len(c.Number); n == 0 || n > 60 {
		bad.Field("number", "required", "请填写编号，最多 60 个字符。")
	}
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > 100 {
		bad.Field("name", "required", "请填写名称，最多 100 个字。")
	}
	for name, day := range map[string]string{"from": c.From, "to": c.To} {
		if _, err := clock.Midnight(day); day != "" && err != nil {
			bad.Field(name, "date", "日期格式不对，请写成 2026-11-21。")
		}
	}
	if c.To != "" && c.To < c.From {
		bad.Field("to", "order", "结束日期不能早于生效日期。")
	}
	for name, amount := range map[string]money.Fen{"cap_order": c.CapOrder, "cap_month": c.CapMonth, "approve_above": c.ApproveAbove} {
		if amount < 0 || amount > maxAmount {
			bad.Field(name, "amount", "金额应在 0 到 {0} 之间。", maxAmount)
		}
	}
	switch c.Kind {
	case KindCard:
		g, err := getGroup(ctx, s.db, c.Group)
		if err != nil || g.Keeper != c.Keeper {
			bad.Field("group", "unknown", "请选择本单位的课题组。")
		}
	case KindPrepaid:
		orgs, err := s.orgs.Organisations(ctx, s.db, []string{c.Payer})
		if err != nil {
			return err
		}
		if _, known := orgs[c.Payer]; !known || c.Payer == c.Keeper {
			bad.Field("payer", "unknown", "没有找到这个单位，请填平台上的单位全称或统一社会信用代码。")
		}
	default:
		bad.Field("kind", "unknown", "只能是经费卡或预存账户。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Deposit puts money on a card with its evidence; a refund takes what is free back out.
func (s *Service) Deposit(ctx context.Context, by identity.Subject, card string, amount money.Fen, evidence, key string, refund bool) error {
	c, err := getCard(ctx, s.db, card)
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "fund.manage", c.object()); err != nil {
		return err
	}
	evidence = strings.TrimSpace(evidence)
	bad := fault.New(fault.Invalid, "fund-deposit", "还差一点：请按提示补充。")
	if amount <= 0 || amount > maxAmount {
		bad.Field("amount", "amount", "请填写大于 0 的金额。")
	}
	if n := utf8.RuneCountInString(evidence); n == 0 || n > 200 {
		bad.Field("evidence", "required", "请写明凭证，例如银行回单号、经费下达文号。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	if key == "" {
		key = id.New()
	}
	t := transfer{key: "deposit/" + c.ID + "/" + key, kind: kindDeposit, card: c.ID, evidence: evidence, person: by.Person, moves: map[string]money.Fen{partSource: -amount, partAvailable: amount}}
	if refund {
		t.kind, t.moves = kindRefund, map[string]money.Fen{partSource: amount, partAvailable: -amount}
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockCard(ctx, tx, c.ID); err != nil {
			return err
		}
		if repeat, err := sameKey(ctx, tx, t); err != nil || repeat {
			return err
		}
		return s.book(ctx, tx, t)
	})
}

// Limits are the rules of a card that its keeper may change.
type Limits struct {
	To           string
	CapOrder     money.Fen
	CapMonth     money.Fen
	ApproveAbove money.Fen
	Classes      string
	Frozen       bool
}

// SetLimits changes a card's rules; what orders have put aside stays.
func (s *Service) SetLimits(ctx context.Context, by identity.Subject, card string, l Limits) error {
	c, err := getCard(ctx, s.db, card)
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "fund.manage", c.object()); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c, err = lockCard(ctx, tx, card); err != nil {
			return err
		}
		from := c.State
		c.To, c.CapOrder, c.CapMonth, c.ApproveAbove, c.Classes, c.State = l.To, l.CapOrder, l.CapMonth, l.ApproveAbove, strings.Join(strings.Fields(l.Classes), " "), StateOpen
		if l.Frozen {
			c.State = StateFrozen
		}
		if err := s.checkCard(ctx, c); err != nil {
			return err
		}
		if err := updateCard(ctx, tx, c); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "fund.manage", Kind: "fund-card", ID: c.ID, From: from, To: c.State, Data: l})
	})
}

// Leads tells whether a person heads a group to which another belongs today.
func (s *Service) Leads(ctx context.Context, q db.Q, head, member string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM fund_group g JOIN fund_member m ON m.grp = g.id
		WHERE g.head = $1 AND m.person = $2 AND (m.valid_to = '' OR m.valid_to >= $3)`, head, member, s.today())
	if err != nil {
		return false, fmt.Errorf("whose head %s is: %w", head, err)
	}
	return n > 0, nil
}

// Heads tells whether a person heads a group with other members today.
func (s *Service) Heads(ctx context.Context, q db.Q, person string) (bool, error) {
	n, err := db.One[int64](ctx, q, `SELECT count(*) FROM fund_group g JOIN fund_member m ON m.grp = g.id
		WHERE g.head = $1 AND m.person <> $1 AND (m.valid_to = '' OR m.valid_to >= $2)`, person, s.today())
	if err != nil {
		return false, fmt.Errorf("whether %s heads a group: %w", person, err)
	}
	return n > 0, nil
}
