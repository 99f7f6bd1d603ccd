package find

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

func TestAbbreviationsInBrackets(t *testing.T) {
	least, err := thresholdOn("2026-11-21")
	if err != nil {
		t.Fatal(err)
	}
	s := sightings{}
	for i, text := range []string{
		"场发射扫描电子显微镜（SEM）", "扫描电子显微镜(SEM)，另有 SEM（扫描电子显微镜）", "钨灯丝扫描电子显微镜（ SEM ）", "高分辨扫描电镜（SEM）", "扫描电镜（SEM）", "台式扫描电镜（sem）", "扫描电镜（SEM）",
		"万能材料试验机（100 kN）", "力标准机（MN）", "力标准机（MN）", "力标准机（MN）", "X射线衍射（XRD）", "利用X射线衍射（XRD）", "X射线衍射（XRD）",
		"甲方法（AB）", "乙方法（AB）", "丙东西（AB）", "丁样子（AB）",
	} {
		s.read(text, fmt.Sprint(i%3))
	}
	for range 5 {
		s.read("独家称呼（OWN）", "1")
	}
	for i := range 3 {
		s.model("示例·原子力显微镜", "Sample: Atomic force microscope", "AFM-"+fmt.Sprint(i), fmt.Sprint(i))
		s.model("示例·透射电子显微镜", "Transmission electron microscope", "JEM-2100", fmt.Sprint(i))
	}
	var got []string
	for _, g := range s.groups(least) {
		got = append(got, strings.Join(g.words, " "))
	}
	if want := []string{"X射线衍射 XRD", "原子力显微镜 AFM", "扫描电子显微镜 扫描电镜 SEM"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestSearchesThatSoundAlike(t *testing.T) {
	got := sounding([]Entry{
		{Text: "扫描电镜", Asked: 9}, {Text: "扫苗电镜", Asked: 3, Nothing: 3}, {Text: "smdj", Asked: 4, Nothing: 4}, {Text: "质谱", Asked: 5}, {Text: "智谱", Asked: 5, Nothing: 2},
		{Text: "zhipu", Asked: 3, Nothing: 3}, {Text: "没有的东西", Asked: 3, Nothing: 3},
	})
	var words []string
	for _, g := range got {
		words = append(words, strings.Join(g.words, ">"))
	}
	if want := []string{"扫苗电镜>扫描电镜", "smdj>扫描电镜"}; !slices.Equal(words[:2], want) {
		t.Errorf("%q", words)
	}
}

func TestWhatIsFoundIsProposedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		operator := w.firm
		operator.Capacities, operator.Role = []string{"operator"}, "admin"
		for _, name := range []string{"示例·俄歇电子能谱仪（AES）", "示例·扫描俄歇电子能谱仪（AES）", "示例·俄歇电子能谱仪（AES）二号"} {
			w.put(name)
		}
		groups := func(state string) []Synonym {
			t.Helper()
			var c db.Where
			c.And("state = ? AND source = ?", state, SourceFound)
			out, err := listSynonyms(t.Context(), d, &c)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		propose := func() {
			t.Helper()
			if err := w.proposeFound(context.Background(), []found{{words: []string{"俄歇电子能谱仪", "AES"}, note: "×3"}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Discover(t.Context()); err != nil {
			t.Fatal(err)
		}
		if l := groups(StateProposed); len(l) != 0 {
			t.Fatalf("one owner's habit is proposed: %+v", l)
		}
		propose()
		propose()
		l := groups(StateProposed)
		if len(l) != 1 {
			t.Fatalf("%d proposed", len(l))
		}
		if err := w.Decide(t.Context(), operator, l[0].ID, "refuse"); err != nil {
			t.Fatal(err)
		}
		propose()
		if err := w.proposeFound(t.Context(), []found{{words: []string{"aes", "俄歇电子能谱仪"}}}); err != nil {
			t.Fatal(err)
		}
		if l := groups(StateProposed); len(l) != 0 {
			t.Errorf("what was refused is proposed again: %+v", l)
		}
	})
}
