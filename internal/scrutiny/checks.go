package scrutiny

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// The kinds of flags.
const (
	Related   = "related"   // firm and provider belong together
	Splitting = "splitting" // several orders in a short time, each just under the cap
	Double    = "double"    // other public money pays for the same
	Report    = "report"    // one report serves two orders
	Price     = "price"     // far from what the provider usually asks for it
	Circle    = "circle"    // the money comes round: A buys of B, B of A
	Shared    = "shared"    // several firms at one provider have one address or contact
	Times     = "times"     // service before the contract, more machine time than the day is open
)

// Kinds are the kinds of flags, the gravest first.
func Kinds() []string {
	return []string{Related, Double, Report, Circle, Times, Splitting, Shared, Price}
}

func severities() []string { return []string{"high", "medium", "low"} }

// Line is one row of evidence: a Chinese sentence with {0} for arguments, the key of its English. An argument "org:…" is an
// organisation and shown by its name, one "t:…" a Chinese text.
type Line struct {
	Text string   `json:"text"`
	Args []string `json:"args,omitempty"`
	Link string   `json:"link,omitempty"`
}

// Finding is what a check found; no lines: nothing.
type Finding struct {
	Kind  string
	Lines []Line
}

func orderLink(id string) string { return "/desk/orders/" + id }

func org(id string) string { return "org:" + id }

// Relation is one way in which two organisations belong together.
type Relation struct {
	Text   string   // Chinese sentence, see Line
	Args   []string // its arguments
	Source string   // where it is known from
}

func checkRelated(list []Relation) Finding {
	f := Finding{Kind: Related}
	for i, r := range list {
		f.Lines = append(f.Lines, Line{Text: r.Text, Args: r.Args})
		if i == len(list)-1 || list[i+1].Source != r.Source {
			f.Lines = append(f.Lines, Line{Text: "来源：{0}", Args: []string{"t:" + r.Source}})
		}
	}
	return f
}

// checkSplitting finds the orders of firm and provider around d whose voucher part lies just under the cap of one order; others
// are the pair's orders of one programme, d among them or not. No cap, no splitting.
func checkSplitting(r Rules, d order.Deal, others []order.Deal, most money.Fen) Finding {
	f := Finding{Kind: Splitting}
	near := func(x order.Deal) bool {
		return x.Voucher <= most && x.Voucher >= money.PartDown(most, r.Splitting.Near) && x.Programme == d.Programme && within(x.PlacedOn, d.PlacedOn, r.Splitting.Days)
	}
	if most <= 0 || d.Voucher <= 0 || !near(d) {
		return f
	}
	list := []order.Deal{d}
	for _, x := range others {
		if x.ID != d.ID && x.Buyer == d.Buyer && x.Provider == d.Provider && x.Voucher > 0 && near(x) {
			list = append(list, x)
		}
	}
	if len(list) < r.Splitting.Orders {
		return f
	}
	var sum money.Fen
	for _, x := range list {
		sum += x.Voucher
	}
	f.Lines = append(f.Lines, Line{Text: "{0} 天内 {1} 张订单，每张用券都在上限 {2} 的 {3} 以上，合计 {4}", Args: []string{strconv.Itoa(r.Splitting.Days), strconv.Itoa(len(list)), most.String(), percent(r.Splitting.Near), sum.String()}})
	slices.SortFunc(list, func(a, b order.Deal) int { return cmp.Or(cmp.Compare(a.PlacedOn, b.PlacedOn), cmp.Compare(a.ID, b.ID)) })
	for _, x := range list {
		f.Lines = append(f.Lines, Line{Text: "{0}，{1}，用券 {2}", Args: []string{x.Number, x.PlacedOn, x.Voucher.String()}, Link: orderLink(x.ID)})
	}
	return f
}

// within tells whether two civil days are at most so many days apart.
func within(a, b string, days int) bool {
	x, err1 := clock.Midnight(a)
	y, err2 := clock.Midnight(b)
	if err1 != nil || err2 != nil {
		return false
	}
	return y.Sub(x).Abs() <= time.Duration(days)*24*time.Hour+time.Hour
}

// checkPrice compares the price of one unit with what the provider asked for the same service before: beyond so many median
// absolute deviations from the median, and far enough from it to matter. Fewer earlier orders than the sample say nothing.
func checkPrice(r Rules, d order.Deal, past []order.Deal) Finding {
	f := Finding{Kind: Price}
	if d.Price <= 0 {
		return f
	}
	var usual []int64
	for _, x := range past {
		if x.ID != d.ID && x.Resource == d.Resource && x.PriceLine == d.PriceLine && x.Unit == d.Unit && x.Price > 0 {
			usual = append(usual, each(x))
		}
	}
	if len(usual) < r.Price.Sample {
		return f
	}
	middle, spread := median(usual), deviation(usual)
	off := each(d) - middle
	if off < 0 {
		off = -off
	}
	if middle <= 0 || off*10000 < middle*r.Price.Least || off <= spread*r.Price.Deviations {
		return f
	}
	f.Lines = append(f.Lines,
		Line{Text: "单价 {0}，该机构同项服务以往 {1} 单的中位数是 {2}", Args: []string{money.Fen(each(d)).String(), strconv.Itoa(len(usual)), money.Fen(middle).String()}},
		Line{Text: "相差 {0}，以往各单与中位数的差的中位数是 {1}", Args: []string{percent(off * 10000 / middle), money.Fen(spread).String()}},
		Line{Text: "以往最低 {0}，最高 {1}", Args: []string{money.Fen(slices.Min(usual)).String(), money.Fen(slices.Max(usual)).String()}})
	return f
}

// each is the price of one unit, in fen.
func each(d order.Deal) int64 { return int64(d.Price) / max(d.Quantity, 1) }

// median is the middle of values, of two the lower.
func median(values []int64) int64 {
	list := slices.Sorted(slices.Values(values))
	return list[(len(list)-1)/2]
}

// deviation is the median absolute deviation: robust against the outliers it looks for.
func deviation(values []int64) int64 {
	middle := median(values)
	off := make([]int64, len(values))
	for i, v := range values {
		off[i] = max(v-middle, middle-v)
	}
	return median(off)
}

// checkCircle finds a way for the money back to the firm: the provider buys of the firm, or of somebody who does. edges are
// orders of the last time, whoever bought.
func checkCircle(d order.Deal, edges []order.Deal) Finding {
	f := Finding{Kind: Circle}
	var back []order.Deal
	for _, e := range edges {
		if e.Buyer == d.Provider && e.Provider == d.Buyer {
			back = append(back, e)
		}
	}
	for _, e := range back {
		f.Lines = append(f.Lines, circleLine(e))
	}
	if len(back) > 0 {
		return f
	}
	for _, e := range edges {
		if e.Buyer != d.Provider || e.Provider == d.Provider || e.Provider == d.Buyer {
			continue
		}
		for _, g := range edges {
			if g.Buyer == e.Provider && g.Provider == d.Buyer {
				f.Lines = append(f.Lines, circleLine(e), circleLine(g))
			}
		}
	}
	return f
}

func circleLine(e order.Deal) Line {
	return Line{Text: "{0} 向 {1} 购买：{2}，{3}，{4}", Args: []string{org(e.Buyer), org(e.Provider), e.Number, e.PlacedOn, e.Price.String()}, Link: orderLink(e.ID)}
}

// Profile is where and by whom an organisation can be reached.
type Profile struct {
	Org     string
	Address string
	Phone   string
	Mail    string
	People  []string // ids
}

// checkShared finds other buyers of the provider who have an address, phone, mail or person in common with the firm.
func checkShared(r Rules, firm Profile, others []Profile) Finding {
	f := Finding{Kind: Shared}
	for _, k := range []struct {
		text string
		of   func(Profile) []string
	}{
		{"同一地址：{0} 家企业向该机构购买", func(p Profile) []string { return []string{plain(p.Address)} }},
		{"同一电话：{0} 家企业向该机构购买", func(p Profile) []string { return []string{plain(p.Phone)} }},
		{"同一邮箱：{0} 家企业向该机构购买", func(p Profile) []string { return []string{plain(p.Mail)} }},
		{"同一经办人：{0} 家企业向该机构购买", func(p Profile) []string { return p.People }},
	} {
		var same []string
		for _, o := range others {
			if o.Org != firm.Org && slices.ContainsFunc(k.of(firm), func(x string) bool { return x != "" && slices.Contains(k.of(o), x) }) {
				same = append(same, o.Org)
			}
		}
		if len(same)+1 < r.Shared.Firms {
			continue
		}
		slices.Sort(same)
		f.Lines = append(f.Lines, Line{Text: k.text, Args: []string{strconv.Itoa(len(same) + 1)}})
		for _, o := range same {
			f.Lines = append(f.Lines, Line{Text: "{0}", Args: []string{org(o)}, Link: "/organisations/" + o})
		}
	}
	return f
}

// plain is an address or a number without blanks and marks, for comparing.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t　-—－()（）,，.。号室", r) { //i18n:data marks that are written one way or another
			return -1
		}
		return r
	}, s))
}

// Signing is when both sides had agreed to a written contract; zero: there is none.
type Signing struct{ At time.Time }

// checkTimes finds work that began on a day before the contract was signed, and more machine time than the resource was open. open is the minutes between
// first start and last end inside opening hours; negative: not known.
func checkTimes(r Rules, d order.Deal, signed Signing, open int64) Finding {
	f := Finding{Kind: Times}
	if !signed.At.IsZero() && !d.Begun.IsZero() && clock.Day(d.Begun.Time) < clock.Day(signed.At) {
		f.Lines = append(f.Lines, Line{Text: "服务 {0} 开始，合同 {1} 才签订", Args: []string{minute(d.Begun.Time), minute(signed.At)}})
	}
	if open >= 0 && d.Minutes > open+r.Times.Slack {
		f.Lines = append(f.Lines, Line{Text: "记录机时 {0} 分钟，这段时间只开放 {1} 分钟", Args: []string{strconv.FormatInt(d.Minutes, 10), strconv.FormatInt(open, 10)}})
	}
	return f
}

func minute(at time.Time) string { return clock.Local(at).Format("2006-01-02 15:04") }

// FileUse is another place where a file of the same content stands.
type FileUse struct {
	SHA256 string
	Order  string   // id, when it is an order's
	Orders []string // ids, when it is a redemption's
	Number string   // of order or redemption
	Claim  string   // id, when it is a redemption's
	Name   string
	Day    string
	Region string
}

// checkReport finds other orders and redemptions that show one of the order's reports, or a paper of its redemption; with are the
// orders that are redeemed with it, whose papers may be the same but whose reports may not.
func checkReport(d order.Deal, with []string, uses []FileUse) Finding {
	f := Finding{Kind: Report}
	for _, u := range uses {
		report := slices.ContainsFunc(d.Reports, func(x order.Document) bool { return x.SHA256 == u.SHA256 })
		switch {
		case u.Order == d.ID, slices.Contains(u.Orders, d.ID):
			continue
		case !report && (slices.Contains(with, u.Order) || slices.ContainsFunc(u.Orders, func(o string) bool { return slices.Contains(with, o) })):
			continue
		}
		link := orderLink(u.Order)
		if u.Claim != "" {
			link = "/desk/redemptions/" + u.Claim
		}
		f.Lines = append(f.Lines, Line{Text: "文件“{0}”与 {1}（{2}）的内容完全相同", Args: []string{u.Name, u.Number, u.Day}, Link: link})
	}
	return f
}

// checkDouble finds other public money: a card of a public project that pays the rest, and orders of the same firm, service and
// price under another programme.
func checkDouble(r Rules, d order.Deal, card Card, others []order.Deal) Finding {
	f := Finding{Kind: Double}
	if card.Public && d.Own > 0 {
		f.Lines = append(f.Lines, Line{Text: "自付部分 {0} 由经费卡“{1}”支付，卡上记的项目是 {2}", Args: []string{d.Own.String(), card.Name, card.Project}})
	}
	for _, x := range others {
		if x.ID == d.ID || x.Buyer != d.Buyer || x.Provider != d.Provider || x.Resource != d.Resource || x.Price != d.Price || x.Programme == "" || x.Programme == d.Programme || !within(x.PlacedOn, d.PlacedOn, r.Double.Days) {
			continue
		}
		f.Lines = append(f.Lines, Line{Text: "同一企业、同一服务、同一价格 {0} 的订单 {1}（{2}）用了另一计划的券", Args: []string{x.Price.String(), x.Number, x.PlacedOn}, Link: orderLink(x.ID)})
	}
	return f
}

// Card is the fund card that pays the rest of an order.
type Card struct {
	Name    string
	Project string
	Public  bool // of a project of public money
}

// percent writes hundredths of a percent.
func percent(basisPoints int64) string {
	s := fmt.Sprintf("%d.%02d", basisPoints/100, basisPoints%100)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}
