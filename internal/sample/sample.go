package sample

import (
	"strings"
	"unicode/utf8"

	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Sample is one sample as it stands.
type Sample struct {
	ID        string  `db:"id"`
	Number    string  `db:"number"` // on the label, e.g. DD3304-20261121-0007-S02
	Order     string  `db:"order_id"`
	Buyer     string  `db:"buyer"` // organisation
	Provider  string  `db:"provider"`
	Region    string  `db:"region"`
	Position  int64   `db:"position"`
	Parent    string  `db:"parent"` // id of the sample it was split from, or empty
	Name      string  `db:"name"`
	OwnNumber string  `db:"own_number"` // the buyer's own
	Hazard    string  `db:"hazard"`     // one of order.Hazards
	Storage   string  `db:"storage"`    // one of Storages
	Wish      string  `db:"wish"`       // what happens to the rest: WishReturn or WishDispose
	KeepUntil string  `db:"keep_until"` // last civil day it is kept, as agreed; empty: not said
	Due       string  `db:"due_on"`     // the same, or by rule once the order has ended; empty: open
	Amount    int64   `db:"amount"`     // whole units that are left
	Unit      string  `db:"unit"`       // one of Units
	State     string  `db:"state"`
	Place     string  `db:"place"`
	Holder    string  `db:"holder"`  // person
	Offered   string  `db:"offered"` // person
	Invented  bool    `db:"invented"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`
	UpdatedAt db.Time `db:"updated_at"`
}

// Step is one link of the chain of custody.
type Step struct {
	ID       string  `db:"id"`
	Sample   string  `db:"sample"`
	Position int64   `db:"position"`
	At       db.Time `db:"at"`
	Side     string  `db:"side"`
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	From     string  `db:"from_state"`
	To       string  `db:"to_state"`
	Place    string  `db:"place"`
	Change   int64   `db:"change"`
	Carrier  string  `db:"carrier"`
	Note     string  `db:"note"`
}

// What the buyer wants to happen to what is left.
const (
	WishReturn  = "return"
	WishDispose = "dispose"
)

// Storages are the conditions a sample can ask for.
func Storages() []string { return []string{"room", "dry", "dark", "cool", "frozen", "deep", "other"} }

// Units are what amounts are counted in.
func Units() []string { return []string{"piece", "g", "mg", "mL", "uL", "cm2"} }

// Declaration is what the buyer says of a sample.
type Declaration struct {
	Name      string
	OwnNumber string
	Hazard    string
	Storage   string
	Wish      string
	KeepUntil string // civil day, may be empty
	Amount    int64
	Unit      string
	Note      string // what the laboratory must know
}

// maxAmount bounds an amount: above it a slip of the keyboard is certain.
const maxAmount = 1_000_000_000

// maxText is the longest note, in characters.
const maxText = 500

// check finds what is wrong with a declaration made on a civil day.
func (d Declaration) check(today string) error {
	bad := fault.New(fault.Invalid, "sample-invalid", "样品信息有误，请按提示修改。")
	if n := utf8.RuneCountInString(d.Name); n == 0 || n > 100 {
		bad.Field("name", "required", "请写明样品名称，最多 100 个字。")
	}
	if utf8.RuneCountInString(d.OwnNumber) > 50 {
		bad.Field("own_number", "long", "自编号最多 50 个字。")
	}
	choice := func(field, value string, of []string) {
		for _, x := range of {
			if x == value {
				return
			}
		}
		bad.Field(field, "not-a-choice", "请从列表中选择。")
	}
	choice("hazard", d.Hazard, order.Hazards())
	choice("storage", d.Storage, Storages())
	choice("wish", d.Wish, []string{WishReturn, WishDispose})
	choice("unit", d.Unit, Units())
	if d.Amount < 1 || d.Amount > maxAmount {
		bad.Field("amount", "range", "请填 1 到 {0} 之间的整数；不足一个单位时换用更小的单位。", int64(maxAmount))
	}
	if d.KeepUntil != "" {
		if _, err := clock.Midnight(d.KeepUntil); err != nil {
			bad.Field("keep_until", "date", "日期格式不对，请写成 2026-11-21。")
		} else if d.KeepUntil < today {
			bad.Field("keep_until", "past", "保存期限已经过去，请填今天或以后的日期。")
		}
	}
	if (d.Hazard == "other" || d.Storage == "other") && strings.TrimSpace(d.Note) == "" {
		bad.Field("note", "required", "选择“其他”时，请在说明中写清楚。")
	}
	if utf8.RuneCountInString(d.Note) > maxText {
		bad.Field("note", "long", "最多 {0} 个字。", int64(maxText))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Request is what comes with a verb; each verb reads what it needs.
type Request struct {
	Note    string // refuse: required; receive: the condition on arrival
	Place   string // receive, move, put-back: where it is put; required
	Carrier string // send, return: who brings it, with the number of the consignment
	Amount  int64  // consume, split: how much
	Login   string // hand: sign-in of the colleague it is handed to
	Keep    string // extend: the last civil day from now on
	Key     string // the request's own key: the same key has one effect
}

// check finds what a verb lacks, for a sample as it stands.
func (r Request) check(verb string, s Sample, today string) error {
	bad := fault.New(fault.Invalid, "sample-step", "这一步的信息有误，请按提示修改。")
	switch verb {
	case VerbReceive, VerbMove, VerbPutBack:
		if strings.TrimSpace(r.Place) == "" {
			bad.Field("place", "required", "请写明存放位置，例如“3 号冰箱 B 层”。")
		}
	case VerbRefuse:
		if strings.TrimSpace(r.Note) == "" {
			bad.Field("note", "required", "请写明为什么不能接收。")
		}
	case VerbDispose:
		if strings.TrimSpace(r.Note) == "" {
			bad.Field("note", "required", "请写明处置方式和依据，例如“交有资质单位焚烧，联单号……”。")
		}
	case VerbConsume, VerbSplit:
		if r.Amount < 1 || r.Amount >= s.Amount {
			bad.Field("amount", "range", "请填 1 到 {0} 之间的整数；全部用完请选“用完”。", max(s.Amount-1, 0))
		}
	case VerbExtend:
		if _, err := clock.Midnight(r.Keep); err != nil {
			bad.Field("keep_until", "date", "请填写保存到哪一天，例如 2026-12-31。")
		} else if r.Keep < today || r.Keep <= s.Due {
			bad.Field("keep_until", "past", "请填比现在的期限更晚的日期。")
		}
	case VerbHand:
		if strings.TrimSpace(r.Login) == "" {
			bad.Field("login", "required", "请填写接手同事的登录名。")
		}
	}
	if utf8.RuneCountInString(r.Note) > maxText {
		bad.Field("note", "long", "最多 {0} 个字。", int64(maxText))
	}
	for name, text := range map[string]string{"place": r.Place, "carrier": r.Carrier} {
		if utf8.RuneCountInString(text) > 100 {
			bad.Field(name, "long", "最多 {0} 个字。", int64(100))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// apply is a verb's effect on a sample: pure. by is the person who does it, to the person it is handed to.
func apply(s Sample, verb string, r Request, by, to string) (after Sample, change int64, err error) {
	step, err := Table().Next(s.State, verb)
	if err != nil {
		return s, 0, err
	}
	held := s.Holder
	if held != "" && held != by && verb != VerbTakeOver { // what is in somebody's hands is theirs to deal with
		return s, 0, notYours()
	}
	s.State = step.To
	switch verb {
	case VerbReceive, VerbMove, VerbPutBack:
		s.Place, s.Holder, s.Offered = strings.TrimSpace(r.Place), "", ""
	case VerbTake:
		s.Place, s.Holder = "", by
	case VerbExtend:
		s.KeepUntil, s.Due = r.Keep, r.Keep
	case VerbConsume, VerbSplit:
		change = -r.Amount
	case VerbUseUp:
		s.Holder, s.Offered, change = "", "", -s.Amount
	case VerbHand:
		if to == by {
			return s, 0, fault.New(fault.Invalid, "sample-self", "不能交给自己。").Field("login", "self", "请填写另一位同事的登录名。")
		}
		s.Offered = to
	case VerbTakeOver:
		if s.Offered != by {
			return s, 0, fault.New(fault.Forbidden, "sample-not-offered", "这份样品没有交给您，请请持有人先办理移交。")
		}
		s.Holder, s.Offered = by, ""
	case VerbReturn, VerbDispose:
		s.Place, s.Holder, s.Offered = "", "", ""
	}
	s.Amount += change
	return s, change, nil
}

func notYours() *fault.Error {
	return fault.New(fault.Forbidden, "sample-not-held", "样品在另一位同事手中，请由其本人办理或先移交给您。")
}
