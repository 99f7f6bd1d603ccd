package find

import "testing"

// Whatever records write, reading them for abbreviations neither fails nor proposes words of no substance.
func FuzzSightings(f *testing.F) {
	for _, s := range []string{"扫描电子显微镜（SEM）", "SEM (扫描电镜)", "（（（AB）", "X射线衍射（XRD", "\xff（\xfe）", "力标准机（MN）"} {
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, zh, en, model string) {
		s := sightings{}
		for _, owner := range []string{"a", "b", "a"} {
			s.read(zh, owner)
			s.model(zh, en, model, owner)
		}
		for _, g := range s.groups(Threshold{Records: 1, Owners: 1, Share: 1}) {
			if len(g.words) < 2 {
				t.Fatalf("%q proposes %q", zh, g.words)
			}
			for _, w := range g.words {
				if len([]rune(w)) < 2 || len([]rune(w)) > longestName {
					t.Fatalf("%q proposes the word %q", zh, w)
				}
			}
		}
	})
}
