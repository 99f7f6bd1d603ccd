//i18n:data words of institutions in Chinese and what they are called in English

package names

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// translation is a Chinese word of names with what stands for it in English, the usual first.
type translation struct {
	zh    string
	en    []string // words joined by + stand together; "" may be left out
	vague bool     // what it is called says little: 工业, 理工 and 科技 are all called technology
}

// english are the words that names of institutions are translated with, the longest Chinese word first.
var english = sync.OnceValue(func() []translation {
	var out []translation
	for line := range strings.Lines(vocabulary) {
		for entry := range strings.FieldsSeq(line) {
			zh, en, ok := strings.Cut(entry, "=")
			if !ok {
				continue
			}
			t := translation{zh: strings.TrimPrefix(zh, "~"), vague: strings.HasPrefix(zh, "~"), en: strings.Split(en, "|")}
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b translation) int { return cmp.Compare(len(b.zh), len(a.zh)) })
	return out
})

// vocabulary has a word and its translations in each entry; ~ marks a vague one.
const vocabulary = `
国家重点实验室=state+key+laboratory|national+key+laboratory 全国重点实验室=national+key+laboratory|state+key+laboratory|state+key+lab 省重点实验室=provincial+key+laboratory|key+laboratory
重点实验室=key+laboratory 实验室=laboratory ~职业技术学院=vocational+technical+college|polytechnic|college+technology|technical+college ~职业技术大学=polytechnic+university|vocational+technical+university|vocational+university|university+technology
~职业学院=vocational+college|college|polytechnic ~高等专科学校=college|junior+college ~专科学校=college 自治区=autonomous+region| ~研究院=research+institute|academy|institute|research+academy ~研究所=institute|research+institute 研究中心=research+center|center
科学院=academy+science 社会科学院=academy+social+science 农业科学院=academy+agricultural+science 医学科学院=academy+medical+science 工程院=academy+engineering 大学=university ~学院=college|institute|university|academy 医院=hospital|
中心=center 公司=| 学会=society 协会=association 联盟=alliance 基金会=foundation 委员会=commission|committee 管理局=administration|bureau 科学技术局=science+technology+bureau 科技局=science+technology+bureau 科学技术厅=department+science+technology 科技厅=department+science+technology
卫生健康委员会=health+commission 卫生局=health+bureau 发展和改革委员会=development+reform+commission 疾病预防控制中心=center+disease+control+prevention 图书馆=library 博物馆=museum 植物园=botanical+garden 天文台=observatory|astronomical+observatory 办公室=office
航空航天=aeronautics+astronautics|aerospace|beihang 航天=aerospace|space 航空=aviation|aeronautics|aeronautical 民航=civil+aviation 交通=jiaotong|transportation|transport|communications 邮电=posts+telecommunications 电子科技=electronic+science+technology
~理工=technology|science+technology|polytechnic ~科学技术=science+technology ~科技=science+technology|technology|tech|sci+tech ~工业=technology|industrial|polytechnic|industry ~技术=technology|technical
师范=normal 农业=agricultural|agriculture 农林=agriculture+forestry 林业=forestry 医科=medical 医学=medicine|medical 中医药=traditional+chinese+medicine|chinese+medicine 中医=traditional+chinese+medicine|chinese+medicine 药科=pharmaceutical 制药=pharmaceutical|pharma 药物=drug|materia+medica 新药=new+drug
财经=finance+economics|economics+finance 财政=finance|fiscal 金融=finance|financial 经济贸易=economics+business 经贸=economics+trade|economics+business 经济=economics|economy|economic 贸易=trade 工商=business|commerce|industry+commerce 商学院=business+school 商业=commerce 管理=management
石油=petroleum 石油化工=petrochemical 矿业=mining 矿产=mineral 矿床=deposits|ore+deposit 煤炭=coal 煤矿=coal+mine 冶金=metallurgy|metallurgical 钢铁=iron+steel 有色金属=nonferrous+metals 稀土=rare+earth 地质=geosciences|geology|geological 地球化学=geochemistry 地球物理=geophysics|geophysical 地球=earth 地震=earthquake|seismology
海洋=ocean|marine|oceanography|oceanology 海事=maritime 水产=fisheries|fishery 水利=water+conservancy|hydraulic|water+resources 水利水电=water+conservancy+hydropower|water+resources+hydropower 水电=hydropower|hydroelectric 水文=hydrology 水资源=water+resources 水生生物=hydrobiology 湖泊=lake|lakes 湿地=wetland 沙漠=desert 冰冻圈=cryosphere 冻土=frozen+soil 气象=meteorology|meteorological 大气=atmospheric|atmosphere
外国语=foreign+studies|foreign+languages|international+studies 外语=foreign+languages 语言=language 传媒=communication|media 体育=sport|sports|physical+education 政法=political+science+law 法律=law 警察=police 公安=public+security|police 民族=minzu|nationalities|ethnic 音乐=music 美术=fine+arts 艺术=arts|art 戏剧=drama 电影=film 音乐学院=conservatory+music|music
人民=people|peoples 人民医院=peoples+hospital|people+hospital 中国=china|chinese 中央=central 国家=national|state 国际=international 全国=national 科学=science 工程=engineering 工程技术=engineering+technology 社会科学=social+science 哲学=philosophy 人文=humanities 教育=education 女子=womens|women 妇女=women 青年=youth 儿童=children|childrens 妇幼=maternal+child 老年=geriatric
化学=chemistry|chemical 化工=chemical+engineering|chemical+industry|chemical|chemical+technology 有机化学=organic+chemistry 有机=organic 无机=inorganic 高分子=polymer|macromolecular 物理=physics|physical 物理化学=physical+chemistry 生物=biology|biological|bio 生物化学=biochemistry 生物技术=biotechnology 生物工程=bioengineering|biochemical+engineering 生命科学=life+science 生命=life 分子=molecular|molecule 细胞=cell 基因=gene|genomics 基因组=genome|genomics 遗传=genetics|genetic 蛋白质=protein 微生物=microbiology|microbial 病毒=virology|virus 植物=plant|botany|plants 动物=animal|zoology 昆虫=insect 生态=ecology|ecological 进化=evolution|evolutionary 神经=neuroscience|neural|neuro 神经科学=neuroscience 脑=brain 认知=cognitive
材料=materials 新材料=new+materials|advanced+materials 金属=metal|metals|metallic 陶瓷=ceramics|ceramic 复合材料=composite+materials|composites 纤维=fiber 纤维材料=fiber+materials 晶体=crystal 纳米=nano|nanoscience 信息=information 信息技术=information+technology 电力=electric+power|power 电力系统=power+system|power+systems 电网=power+grid|grid 电气=electrical|electric 电子=electronic|electronics 微电子=microelectronics 半导体=semiconductor|semiconductors 集成电路=integrated+circuits 光电=optoelectronic|photoelectric 光电子=optoelectronics 光学=optics|optical 光学精密机械=optics+fine+mechanics 光子=photonics 激光=laser 红外=infrared 通信=communication|communications|telecommunication 光通信=optical+communication 光纤=optical+fiber 无线=wireless 移动=mobile 网络=network|networks|networking 软件=software 计算机=computer 计算=computing|computation|computational 智能=intelligent|intelligence|smart 人工智能=artificial+intelligence 大数据=big+data 数学=mathematics|mathematical 应用数学=applied+mathematics 系统=system|systems 自动化=automation 机器人=robotics|robot 控制=control 机械=mechanical|machinery 制造=manufacturing 机床=machine+tool 力学=mechanics 工程力学=engineering+mechanics 振动=vibration 声学=acoustics 摩擦学=tribology 热能=thermal 内燃机=engines|internal+combustion+engine 汽车=automotive|automobile|automobiles 铁道=railway 铁路=railway 船舶=ship 船舶重工=shipbuilding 建筑=architecture|building 建筑科学=building 建筑材料=building+materials 土木=civil 岩土=geotechnical 岩石=rock 测绘=surveying+mapping 遥感=remote+sensing 测量=measurement|surveying 计量=metrology|measurement 计量科学=metrology 测试=testing|test|measurement 检测=inspection|testing 检验=inspection 分析=analysis|analytical 标准=standard|standards 标准化=standardization 质量=quality
环境=environment|environmental 环境科学=environmental+science 污染=pollution 资源=resource|resources 能源=energy 新能源=new+energy 核=nuclear 原子能=atomic+energy 催化=catalysis|catalytic 燃烧=combustion|fire 火灾=fire 安全=safety|security 清洁=clean 食品=food 粮食=grain 作物=crop|crops 水稻=rice 棉花=cotton 茶叶=tea 蚕=silkworm 土壤=soil 肥料=fertilizer 植物保护=plant+protection 畜牧=animal+husbandry 兽医=veterinary 兽药=veterinary+drug 家畜=livestock 农药=pesticide 园艺=horticulture 热带=tropical 热带农业=tropical+agriculture 纺织=textile 轻工=light+industry 轻工业=light+industry 皮革=leather 印刷=printing 造纸=pulp+paper|paper
肿瘤=cancer|tumor|oncology 心血管=cardiovascular 心血管病=cardiovascular+diseases 呼吸=respiratory 呼吸疾病=respiratory+disease 肾脏=kidney 肾脏疾病=kidney+diseases 眼科=eye|ophthalmology|ophthalmic 口腔=stomatology|stomatological|oral 骨科=orthopedics|orthopaedic 精神卫生=mental+health 传染病=infectious+diseases 疾病=disease|diseases 血液=blood|hematology 免疫=immunology|immune 药理=pharmacology 毒理=toxicology 诊断=diagnosis|diagnostics 临床=clinical 康复=rehabilitation 护理=nursing 卫生=health 公共卫生=public+health 天然药物=natural+drugs
华东=east+china 华南=south+china 华北=north+china 华中=central+china|huazhong 北方=north|northern|north+china 南方=southern|south 西北=northwest|northwestern 西南=southwest|southwestern 东北=northeast|northeastern 东南=southeast 内蒙古=inner+mongolia 西藏=tibet|xizang 哈尔滨=harbin 新疆=xinjiang 陕西=shaanxi 香港=hong+kong 澳门=macau|macao 台湾=taiwan 粤港澳大湾区=guangdong+hong+kong+macao+greater+bay+area 大湾区=greater+bay+area|great+bay+area 黄河=yellow+river 长江=yangtze|yangtze+river|changjiang 南海=south+china+sea 东海=east+china+sea 北部湾=beibu+gulf 青藏高原=tibetan+plateau 高原=plateau 黄土=loess
第一=first 第二=second 第三=third 第四=fourth 第五=fifth 第六=sixth 第七=seventh 第八=eighth 第九=ninth 第十=tenth 附属=affiliated 附属医院=affiliated+hospital 直属=affiliated 中日友好=china+japan+friendship 首都=capital 省=province|provincial| 市=municipal|city| 县=county| 区=district| 省立=provincial 市立=municipal 中心医院=central+hospital 高等=advanced|higher 高级=advanced 先进=advanced 精密=precision|fine 特种=special|specialty 现代=modern 应用=applied|application|applications 功能=functional 综合=integrated|comprehensive 基础=basic|fundamental 联合=joint|united|union 创新=innovation 协同创新=collaborative+innovation 开发=development 发展=development 科研=research|scientific+research 研究=research 设计=design 规划=planning 工程研究=engineering+research 观测=observation 预报=prediction|forecasting 加工=processing 利用=utilization 保护=protection|conservation 过程=process 表面=surface 界面=interface 动力=power|dynamics 动力学=dynamics 推进=propulsion 加速器=accelerator 高能=high+energy 高能物理=high+energy+physics 等离子体=plasma 低温=cryogenic 超导=superconductivity|superconducting 真空=vacuum 高压=high+pressure|high+voltage 同步辐射=synchrotron+radiation 空间=space 空间科学=space+science 天文=astronomy|astronomical 卫星=satellite 导航=navigation 雷达=radar 微波=microwave 毫米波=millimeter+waves|millimeter+wave 量子=quantum 时间=time 授时=time+service 机电=mechanical+electrical|electromechanical 和= 与= 及= 的= 暨=
`
