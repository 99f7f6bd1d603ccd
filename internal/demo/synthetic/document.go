//i18n:data words that synthetic records are made of

package synthetic

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"

	"qiao/internal/platform/textindex"
)

// Corpus makes documents as the catalogue gives them to its index: by number, in any order, always the same.
type Corpus struct {
	Words         *Words
	Seed          int64
	Organisations int      // owners; a few have many records
	Cities        []string // codes of six digits
}

// Document is document n; its sort is drawn in the proportions of the Delta: of 45 an instrument in 4, a service
// in 20, an expert in 20, an institution in 1.
func (c Corpus) Document(n int) textindex.Document {
	w := c.Words.Writer(c.Seed, uint64(n)+1)
	r := w.rand
	id := c.id(uint64(n) + 1)
	f := r.Float64()
	owner := int(f * f * float64(c.Organisations))
	city := c.Cities[owner%len(c.Cities)]
	org := c.id(1<<40 + uint64(owner))
	d := textindex.Document{ID: id,
		Keywords: map[string][]string{"id": {id}, "region": above(city, r), "org": {org}, "voucher": {"no"}, "bookable": {"no"}},
		Numbers:  map[string]int64{"updated": 1_760_000_000_000 + r.Int64N(30_000_000_000), "ready": 1},
	}
	institute := fmt.Sprintf("合成·第 %d 研究院\nSynthetic: Institute %d", owner+1, owner+1)
	switch at := n % 45; {
	case at < 4:
		d.Title = w.Word() + w.Technique() + " " + w.Model()
		d.Text = "合成·仪器厂\n" + w.Measures(2) + "；" + w.Prose(20) + "\n适用于" + w.Materials(2) + "\n" + institute
		d.Keywords["kind"], d.Keywords["class"] = []string{"instrument"}, []string{"01", fmt.Sprintf("01%02d", 1+r.IntN(12))}
		d.Keywords["access"] = []string{[]string{"送样委托", "技术人员操作", "自主上机"}[r.IntN(3)]}
		d.Numbers["price"] = int64(1000 * (3 + r.IntN(120)))
	case at < 24:
		m := w.Material()
		d.Title = w.Word() + m + w.Measure() + "测试"
		d.Text = "对" + m + "做" + w.Measures(2) + "等测试，出具报告。" + w.Prose(20) + "\n" + institute
		d.Keywords["kind"], d.Keywords["class"] = []string{"service"}, []string{fmt.Sprintf("s%d", r.IntN(9))}
		d.Keywords["access"] = []string{"送样委托"}
		d.Numbers["price"] = int64(5000 * (1 + r.IntN(60)))
	case at < 44:
		m := w.Material()
		d.Title = w.Person()
		d.Text = m + "、" + w.Measures(2) + "\n从事" + m + "的研究。" + w.Prose(22) + "\n" + institute
		d.Keywords["kind"] = []string{"expert"}
	default:
		d.Title = institute
		d.Text = w.Prose(6)
		d.Keywords["kind"] = []string{"institution"}
		d.Numbers["ready"] = 0
	}
	if r.IntN(3) > 0 {
		d.Keywords["voucher"] = []string{"yes"}
	}
	if at := n % 45; at < 4 && r.IntN(4) == 0 {
		d.Keywords["bookable"], d.Numbers["ready"] = []string{"yes"}, 3
	}
	return d
}

// above is a district of the city, with the city and the province before it.
func above(city string, r *rand.Rand) []string {
	return []string{city[:2] + "0000", city[:4] + "00", fmt.Sprintf("%s%02d", city[:4], 2+r.IntN(8))}
}

// id is a UUID (version 7) made of a number.
func (c Corpus) id(n uint64) string {
	var b [16]byte
	r := rand.New(rand.NewPCG(uint64(c.Seed), ^n)) //nolint:gosec // synthetic data wants a seed
	binary.BigEndian.PutUint64(b[:], n<<20)
	binary.BigEndian.PutUint64(b[8:], r.Uint64())
	b[6], b[8] = b[6]&0x0F|0x70, b[8]&0x3F|0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
