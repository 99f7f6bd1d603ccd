//i18n:data words of the trade that say little or much

package match

import (
	"strings"
	"unicode/utf8"
)

// substances are the single characters that are worth naming as a reason: elements and common matter.
// Other single characters are splinters of words the dictionary does not know.
const substances = "铅镉汞砷铬镍铜锌铁铝镁钛锡银金铂钯钴锰钼钨钒锂钠钾钙硅硫磷氟氯溴碘碳氮氧氢苯醇酮酸碱酶糖油茶酒奶肉蛋米药"

// bodies of standards are no subject: which standard it is, is a fact.
const standardBodies = " gb gbt gb/t hj hg jb jb/t yy iso iec iso/iec astm din en jis db t "

// fillers tell the story around a need, not what is looked for.
const fillers = " 创新 券 客户 现场 我司 小厂 工厂 厂家 厂 产品 样品 样件 试样 项目 企业 公司 单位 对方 联系 联系人 电话 微信 邮箱 手机 服务 提供 合作 " +
	"希望 判断 看看 弄清 知道 想请 请人 请教 帮忙 打算 准备 尽快 顺便 老是 一直 总是 偶尔 发现 出现 要么 能不能 合不合理 一批 一下 一份 一点 " +
	"预算 创新券 工作日 两周 下周 月底 年底 人民币 万元 以内 大约 共 约 新 后 前 做 测 看 找 懂 好 高 低 大 小 多 少 更 最 出 用 要 "

// telling reports whether a word of a need may count as a reason: no number, no splinter, no mere name of
// a standards body, no filler of the story. (The analyser has left out function words already.)
func telling(word string) bool {
	if strings.Contains(standardBodies, " "+strings.ToLower(word)+" ") || strings.Contains(fillers, " "+word+" ") {
		return false
	}
	r, size := utf8.DecodeRuneInString(word)
	if size == len(word) {
		return strings.ContainsRune(substances, r)
	}
	return strings.ContainsFunc(word, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' })
}

// distinct drops the words that only repeat a part of another one (228.1 beside 228.1-2021).
func distinct(words []string) []string {
	var out []string
	for i, w := range words {
		part := false
		for j, other := range words {
			if i != j && len(other) > len(w) && strings.Contains(strings.ToLower(other), strings.ToLower(w)) {
				part = true
				break
			}
		}
		if !part {
			out = append(out, w)
		}
	}
	return out
}
