//i18n:data words and their readings, not texts of the interface

package textindex

import (
	"strings"

	"qiao/internal/platform/textindex/dict"
)

// readings knows how Chinese characters are read in pinyin without tones. A character has one reading, but in
// some words of this trade another.
type readings struct {
	syllables []string
	first     [0xA000 - 0x4E00]uint16 // one more than the syllable's number; 0: none
	words     map[string][]string     // words with another reading
	known     map[string]bool         // syllables
	longest   int                     // characters of the longest of words
}

// otherwise lists words whose characters are read otherwise than alone; a lone character gives another usual
// reading. Chosen from the words of the instrument classes and of the catalogue's names.
const otherwise = "长 chang;生长 sheng zhang;增长 zeng zhang;成长 cheng zhang;院长 yuan zhang;所长 suo zhang;重复 chong fu;重构 chong gou;重组 chong zu;" +
	"重叠 chong die;重整 chong zheng;行业 hang ye;银行 yin hang;行列 hang lie;商行 shang hang;调 tiao;调查 diao cha;调度 diao du;调研 diao yan;弹性 tan xing;弹簧 tan huang;" +
	"弹塑 tan su;粘弹 nian tan;校准 jiao zhun;校正 jiao zheng;校验 jiao yan;检校 jian jiao;薄膜 bo mo;薄层 bo ceng;薄板 bo ban;薄壁 bo bi;模具 mu ju;模板 mu ban;" +
	"会计 kuai ji;切削 qie xiao;还原 huan yuan;音乐 yin yue;轧 zha;曝 bao;剥离 bo li;差异 cha yi;参差 cen ci;供给 gong ji;给水 ji shui;给药 ji yao;血液 xue ye;" +
	"便宜 pian yi;率领 shuai ling;传记 zhuan ji;角色 jue se;宝藏 bao zang;都市 du shi;朝阳 chao yang;处理 chu li;称量 cheng liang;石英 shi ying;纤维 xian wei;光纤 guang xian"

func newReadings() (*readings, error) {
	r := &readings{words: map[string][]string{}, known: map[string]bool{}}
	numbers := map[string]uint16{}
	put := func(c rune, syllable string) {
		n, ok := numbers[syllable]
		if !ok {
			r.syllables = append(r.syllables, syllable)
			n = uint16(len(r.syllables))
			numbers[syllable] = n
			r.known[syllable] = true
		}
		if i := int(c) - 0x4E00; i >= 0 && i < len(r.first) {
			r.first[i] = n
		}
	}
	if err := dict.Readings(put); err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(otherwise, ";") {
		f := strings.Fields(line)
		chars := []rune(f[0])
		if len(chars) == 1 {
			put(chars[0], f[1])
			continue
		}
		r.words[f[0]] = f[1:]
		r.longest = max(r.longest, len(chars))
	}
	return r, nil
}

// syllabic reports whether letters are whole syllables.
func (r *readings) syllabic(letters string) bool {
	reach := make([]bool, len(letters)+1)
	reach[0] = true
	for i := range letters {
		for j := i + 1; reach[i] && j <= min(len(letters), i+6); j++ {
			reach[j] = reach[j] || r.known[letters[i:j]]
		}
	}
	return letters != "" && reach[len(letters)]
}

// spell returns the syllable of each character, "" where there is none.
func (r *readings) spell(text []rune) []string {
	out := make([]string, len(text))
	for i := 0; i < len(text); {
		n := r.special(text[i:], out[i:])
		if n == 0 {
			out[i] = r.of(text[i])
			n = 1
		}
		i += n
	}
	return out
}

// special spells the longest word with a reading of its own at the start of text and returns its length.
func (r *readings) special(text []rune, out []string) int {
	if !isHan(text[0]) {
		return 0
	}
	for n := min(r.longest, len(text)); n > 1; n-- {
		if s, ok := r.words[string(text[:n])]; ok {
			copy(out, s)
			return n
		}
	}
	return 0
}

func (r *readings) of(c rune) string {
	if i := int(c) - 0x4E00; i >= 0 && i < len(r.first) && r.first[i] > 0 {
		return r.syllables[r.first[i]-1]
	}
	return ""
}

// typed brings pinyin as people type it into the form of the table: small letters, no tones (marks or digits
// behind a syllable), v for ü, no apostrophes. It is empty when the text is no row of letters.
func typedPinyin(text string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range strings.ToLower(text) {
		if base := strings.IndexRune(toned, r); base >= 0 {
			r = []rune(plainOf)[len([]rune(toned[:base]))]
		}
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r == 'ü':
			b.WriteByte('v')
		case r == '\'' || r == '’' || r == ' ':
		case r >= '1' && r <= '5' && last >= 'a' && last <= 'z':
		default:
			return ""
		}
		last = r
	}
	return b.String()
}

const (
	toned   = "āáǎàēéěèōóǒòīíǐìūúǔùǖǘǚǜńňǹḿ"
	plainOf = "aaaaeeeeooooiiiiuuuuvvvvnnnm"
)

// fits matches a pattern of Chinese characters, syllables and initials against a name from character i on, and
// returns the end of the match; open lets the last syllable be cut short, as while someone types.
func fits(name []rune, spelled []string, i int, pattern string, open bool) (int, bool) {
	if pattern == "" {
		return i, true
	}
	if i >= len(name) {
		return 0, false
	}
	c := string(name[i])
	if strings.HasPrefix(pattern, c) {
		if end, ok := fits(name, spelled, i+1, pattern[len(c):], open); ok {
			return end, true
		}
	}
	s := spelled[i]
	if s == "" {
		if sortOf(name[i]) == sortOther && i > 0 {
			return fits(name, spelled, i+1, pattern, open)
		}
		return 0, false
	}
	if strings.HasPrefix(pattern, s) {
		if end, ok := fits(name, spelled, i+1, pattern[len(s):], open); ok {
			return end, true
		}
	}
	if open && len(pattern) < len(s) && strings.HasPrefix(s, pattern) {
		return i + 1, true
	}
	before := ""
	for _, initial := range [...]string{s[:min(2, len(s))], s[:1]} {
		if initial == s || initial == before { // tried already: trying twice at each character takes for ever
			continue
		}
		before = initial
		if (len(initial) == 1 || initial[1] == 'h') && strings.HasPrefix(pattern, initial) {
			if end, ok := fits(name, spelled, i+1, pattern[len(initial):], open); ok {
				return end, true
			}
		}
	}
	return 0, false
}
