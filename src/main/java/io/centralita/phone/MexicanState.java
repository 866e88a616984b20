package io.centralita.phone;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A federal entity of Mexico, by the short name that the numbering authority gives it. */
public enum MexicanState {
  AGS(1, "Aguascalientes", "AGU"),
  BC(2, "Baja California", "BCN", "Baja California Norte|Baja California Nte"),
  BCS(3, "Baja California Sur", "BCS", "Baja Sur"),
  CAMP(4, "Campeche", "CAM"),
  COAH(5, "Coahuila", "COA", "Coahuila de Zaragoza"),
  COL(6, "Colima", "COL"),
  CHIS(7, "Chiapas", "CHP"),
  CHIH(8, "Chihuahua", "CHH"),
  CDMX(
      9,
      "Ciudad de México",
      "CMX",
      "DF|DIF|Distrito Federal|México DF|México Distrito Federal|Cd de México|Cd México|Mexico City"),
  DGO(10, "Durango", "DUR"),
  GTO(11, "Guanajuato", "GUA"),
  GRO(12, "Guerrero", "GRO"),
  HGO(13, "Hidalgo", "HID"),
  JAL(14, "Jalisco", "JAL"),
  MEX(
      15,
      "México",
      "MEX",
      "Estado de México|Edo de México|Edo México|Edo de Mex|Edo Mex|Est de México|EM"),
  MICH(16, "Michoacán", "MIC", "Michoacán de Ocampo"),
  MOR(17, "Morelos", "MOR"),
  NAY(18, "Nayarit", "NAY"),
  NL(19, "Nuevo León", "NLE", "Nvo León|N León"),
  OAX(20, "Oaxaca", "OAX"),
  PUE(21, "Puebla", "PUE"),
  QRO(22, "Querétaro", "QUE", "Querétaro de Arteaga|Qto"),
  QROO(23, "Quintana Roo", "ROO", "Q Roo|QR|Qtana Roo"),
  SLP(24, "San Luis Potosí", "SLP", "San Luis|S Luis Potosí"),
  SIN(25, "Sinaloa", "SIN"),
  SON(26, "Sonora", "SON"),
  TAB(27, "Tabasco", "TAB"),
  TAMPS(28, "Tamaulipas", "TAM"),
  TLAX(29, "Tlaxcala", "TLA"),
  VER(30, "Veracruz", "VER", "Veracruz de Ignacio de la Llave|Veracruz Llave"),
  YUC(31, "Yucatán", "YUC"),
  ZAC(32, "Zacatecas", "ZAC");

  private static final Map<String, MexicanState> BY_NAME = byName();

  private final int number;
  private final String fullName;
  private final String iso;
  private final String aliases; // with bars between them

  MexicanState(int number, String fullName, String iso) {
    this(number, fullName, iso, "");
  }

  MexicanState(int number, String fullName, String iso, String aliases) {
    this.number = number;
    this.fullName = fullName;
    this.iso = iso;
    this.aliases = aliases;
  }

  private static Map<String, MexicanState> byName() {
    var states = new HashMap<String, MexicanState>();
    for (var state : values()) {
      states.put(state.name(), state);
      states.put(folded(state.fullName), state);
      states.put(state.iso, state);
      states.put("MX" + state.iso, state);
      states.put(state.inegi(), state);
      states.put(Integer.toString(state.number), state);
      for (var alias : state.aliases.split("\\|", -1)) {
        states.put(folded(alias), state);
      }
    }
    states.remove("");
    return Map.copyOf(states);
  }

  /** The short name, CDMX or JAL. */
  public String code() {
    return name();
  }

  /** The name that people use, Ciudad de México. The state around the capital is México. */
  public String fullName() {
    return fullName;
  }

  /** INEGI's number, two digits. */
  public String inegi() {
    return number < 10 ? "0" + number : Integer.toString(number);
  }

  /** The code of ISO 3166-2, MX-JAL. */
  public String iso() {
    return "MX-" + iso;
  }

  /**
   * The state that a name means: its short, common or official name, one that people write (DF,
   * Edo. Mex.), its ISO 3166-2 code or INEGI's number. Accents, case, dots and spaces do not
   * matter.
   */
  public static Optional<MexicanState> of(String name) {
    return Optional.ofNullable(BY_NAME.get(folded(name)));
  }

  private static String folded(String name) {
    var kept = new StringBuilder(name.length());
    Normalizer.normalize(name, Normalizer.Form.NFKD)
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .forEach(kept::appendCodePoint);
    return kept.toString().toUpperCase(Locale.ROOT);
  }
}
