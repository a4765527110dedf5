/** Words for emotions in the languages that corpora come in: what tells a folder of an emotion from one of a speaker. */

/** A line a language, from its words for the basic emotions to what else is often recorded; without accents, in lower case. */
const words = new Set(
  `
  anger angry disgust disgusted fear fearful afraid scared anxiety anxious happiness happy joy joyful neutral sadness sad surprise surprised
  calm boredom bored contempt excited excitement frustrated frustration amused amusement relief relieved pride proud shame guilt hot-anger
  ang hap neu dis sur fea exc fru ps pleasant unpleasant stress stressed relaxed despair elation irritation irritated interest interested
  arger wut zorn argerlich wutend zornig ekel angst angstlich freude froh frohlich glucklich neutral trauer traurig traurigkeit
  uberraschung uberrascht ruhig ruhe langeweile gelangweilt verachtung stolz scham
  colere fache degout degoute peur joie joyeux heureux neutre tristesse triste surprise surpris calme ennui mepris fierte honte
  ira enfado enojo asco miedo alegria alegre feliz felicidad neutro tristeza triste sorpresa sorprendido calma aburrimiento
  rabbia arrabbiato disgusto paura gioia gioioso felice felicita neutrale neutralita tristezza sorpresa sorpreso
  raiva nojo medo alegria felicidade neutralidade surpresa tedio
  boos boosheid woede walging bang blij blijdschap neutraal verdriet verdrietig verbazing verrast rustig
  gniew zlosc wstret strach radosc neutralny neutralnosc smutek zaskoczenie znudzenie
  vztek stesti smutek prekvapeni ilska glad arg radd ledsen vrede sorg ilo viha pelko suru yllatys
  ofke kizgin tiksinti korku korkmus mutlu mutluluk notr uzgun uzuntu saskin sasirmis sakin
  гнев злость отвращение страх радость нейтральная нейтрально нейтральный грусть печаль удивление спокойствие
  θυμος αηδια φοβος χαρα λυπη
  愤怒 生气 憤怒 厌恶 恐惧 害怕 高兴 开心 快乐 中性 中立 悲伤 难过 伤心 惊讶 惊喜 怒り 嫌悪 恐れ 喜び 平静 悲しみ 驚き 분노 혐오 공포 기쁨 행복 중립 슬픔 놀람
  غضب خوف فرح سعادة حزن محايد دهشة
  `
    .trim()
    .split(/\s+/),
);

const negation = /^(?:not?|non|nicht|kein|ohne|pas|sin|sem|senza|without)$/i;

/** Returns a word without accents, capitals and digits at its end: `Ärger` and `anger-2` as `arger` and `anger`. */
function plain(word: string): string {
  return word
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_.-]*\d+$/u, "")
    .replaceAll("ı", "i")
    .replaceAll("ł", "l")
    .replaceAll("ø", "o");
}

/** Returns whether a name is a word for an emotion; umlauts may be written out, as in `wuetend`. */
export function isEmotionWord(name: string): boolean {
  const word = plain(name);
  return words.has(word) || words.has(word.replace(/([aou])e/g, "$1"));
}

/** Returns the parts of a name between whatever is neither letter nor digit, such as `_`, `-`, spaces and brackets. */
export function partsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{M}\p{N}'’]+/u).filter((part) => part !== "");
}

/** Returns the parts of a name that are told by capitals, as in `annaAngry01`. */
export function humps(name: string): string[] {
  return partsOf(name.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, "$1_"));
}

/**
 * Returns the one word for an emotion that a name is or has among its parts, such as `Angry` of `anna_Angry_01`; undefined when there is none, several
 * differ, or one is denied: `not_angry` is a class of its own.
 */
export function emotionIn(name: string): string | undefined {
  const bare = (text: string): string => text.replace(/[\s_.-]*\d+$/, "");
  if (isEmotionWord(name)) return bare(name);
  const parts = partsOf(name);
  if (parts.some((part) => negation.test(part))) return undefined;
  const found = [
    ...new Set((parts.some(isEmotionWord) ? parts : humps(name)).filter(isEmotionWord).map(bare)),
  ];
  if (found.length === 2 && /^pleasant$/i.test(found[0])) return found.join("_");
  return found.length === 1 ? found[0] : undefined;
}
